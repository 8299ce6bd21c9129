/**
 * A file that can be read from its beginning as often as a reader needs: formats that name their contests at the end
 * are read twice. Node's streams and a browser's are asynchronous iterables of bytes already.
 */
export interface InputFile {
  /** For messages. */
  readonly name: string;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** So that a hostile file stays small in memory: none of these is reached by an election of any real size. */
export const LIMITS = {
  /** Bytes of one record of a CSV file, quotes and line ends inside them included. */
  record: 1 << 20,
  columns: 20_000,
  contests: 4096,
  /** Of one contest. */
  candidates: 4096,
  /** UTF-16 units of the name of a contest or a candidate, and of the id of a card. */
  text: 500,
  /** Bytes of one element (a card, a contest) of a JSON or XML file. */
  element: 4 << 20,
  /** Bytes of published results, which are read whole. */
  results: 128 << 20,
  /** Levels of a JSON or XML file. */
  depth: 64,
  /** Batches of a manifest or rows of a tally file. */
  rows: 4_000_000,
  /** Of a manifest: more than any electorate has, and few enough to be drawn from one by one. */
  cards: 1_000_000_000,
  /** Of a spreadsheet, as the format has it. */
  sheetRows: 1_048_576,
  sheetColumns: 16_384,
  /** Characters of a spreadsheet once its cells stand in full, and bytes of one of its files, unpacked. */
  sheet: 128 << 20,
  /** Characters of the strings that a workbook's cells refer to: all of them are kept until its sheet is read. */
  sheetStrings: 32 << 20,
  workbookPart: 2 ** 31,
  /** Bytes of what a workbook says of itself: its sheets, relations, styles. */
  workbookHead: 16 << 20,
  /** Files in an archive. */
  entries: 8_000_000,
  /** Bytes that all files of an archive may unpack to. */
  unpacked: 256 * 2 ** 30,
} as const;
