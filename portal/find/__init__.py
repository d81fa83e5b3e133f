"""One search box over all that the reader may see."""
