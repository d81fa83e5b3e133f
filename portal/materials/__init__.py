"""Files and the library of materials: kept once, judged by content, shown to whom they are for."""
