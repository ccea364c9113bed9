"""Budgets of an opened file: what is refused, in seconds, before it can fill the memory or the disk."""

MAX_COLUMNS = 4_096  # every check runs a column; the widest honest tables (gene panels, sensors) stay below
MAX_CELLS = 2_000_000_000  # 100 M rows of 20 columns: more belongs on a cluster, and a lying footer claims more
MAX_LINE_BYTES = 2_000_000  # a row is held in memory several times; DuckDB's own default
MAX_DECODED_BYTES = 32 << 30  # what a compressed file may grow to on disk
MAX_RATIO = 200  # honest tables compress 3 to 30 times, a bomb about 1,000 times
RATIO_FROM = 64 << 20  # small files of one repeated value compress beyond MAX_RATIO and harm nobody
MAX_TEXT_BYTES = 4 << 30  # of a Parquet file packed beyond MAX_RATIO: a repeated long text is cheap to write
MAX_FOOTER_BYTES = 64 << 20  # a Parquet footer of 4,096 columns and 1,000 row groups is about 30 MB
MAX_PARQUET_RATIO = 2_000  # dictionary and run-length encoding compress constant columns far better than text
MAX_PREAMBLE = 20  # lines of title and remarks above the header
HEAD_BYTES = 4 << 20  # what the dialect is judged on; twice the longest line
HEAD_ROWS = 1_000  # enough to tell a delimiter from a comma in a sentence
CHUNK = 1 << 20
REJECTED_SHOWN = 100  # rows kept with their text; all are counted up to REJECTED_COUNTED
REJECTED_COUNTED = 100_000  # a file with more is not the table that its header says
REJECTED_TEXT = 200  # characters of a rejected row that are kept
MEMORY = "1GB"  # of DuckDB; more goes to the temporary folder
THREADS = 2
