"""How much an import may hold, and what the reader is told when it holds more."""

MOST_FILE_BYTES = 10 * 1024 * 1024
MOST_PARTS = 500
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_CELLS = 600_000
# Shared strings can be repeated by every cell: what they amount to when written out.
MOST_CHARACTERS = 40_000_000

EMPTY = "文件是空的。"
FILE_TOO_BIG = f"文件超过 {MOST_FILE_BYTES // 1024 // 1024} MB，没有读取。"
TOO_BIG_UNPACKED = "这个文件解开以后太大，可能有问题，没有读取。"
BROKEN = "这个 .xlsx 文件已损坏，打不开。请用 WPS 或 Excel 打开后另存一份再上传。"
ENCRYPTED = "这个文件有密码，打不开。请去掉密码后再上传。"
OLD_FORMAT = (
    "这是旧的 .xls 格式（或者有密码）。请用 WPS 或 Excel 打开，去掉密码，另存为 .xlsx 后再上传。"
)
DOCUMENT_TYPE = "这个文件里有不应出现的 XML 内容（DOCTYPE），没有读取。"
NOT_A_TABLE = "这不是电子表格。请上传 .xlsx 或 .csv 文件。"
UNKNOWN_ENCODING = "看不出这个 .csv 文件的文字编码。请另存为 UTF-8 编码的 .csv，或另存为 .xlsx。"
TOO_MANY_ROWS = f"表格超过 {MOST_ROWS} 行，请分成几个文件。"
TOO_MANY_COLUMNS = f"表格超过 {MOST_COLUMNS} 列，请只留下需要的列。"
