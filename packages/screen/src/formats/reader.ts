import type { LogFormat } from "../hit.ts";
import type { MappedText } from "../mapped-text.ts";

/** The name of a field, or what works it out: names are needed for hits only. */
export type FieldName = string | (() => string);

/**
 * What a line is made of; offsets are into the line. Where a part begins or ends, so does every token: next to it, on
 * either side, stands a character that is in no name and no address, or none. The sieve, which sees lines whole, relies
 * on it.
 */
export interface LineVisitor {
  /**
   * Whether anything in a piece would be looked at: where it is costly to tell whether there is one, that can be spared.
   */
  wants(start: number, end: number): boolean;
  /** A field's value, a part of one, or free text where `field` is `text`. */
  piece(start: number, end: number, field: FieldName, isPart?: boolean): void;
  /** A request whose host and target stand in two fields; the target is where a hit is reported. */
  request(request: RequestFields): void;
}

export interface RequestFields {
  readonly host: readonly [start: number, end: number];
  readonly target: readonly [start: number, end: number];
  readonly port: number | undefined;
  readonly field: string;
}

/** Takes the lines of one log apart, in order: a reader may learn from headers. */
export interface LineReader {
  readonly format: LogFormat;
  /**
   * Whether every line must be walked: because parts of them may begin and end inside tokens, against the rule above, or
   * because what a line means depends on those before it.
   */
  readonly mustSeeAll?: boolean;
  /** Undoes the escapes that the format has inside fields: none consists of letters, digits, `.`, `-` and `_` alone. */
  unescape(piece: MappedText): MappedText;
  /** Visits the parts of a line; false, and nothing visited, when the line is not in the format. */
  read(line: string, visitor: LineVisitor): boolean;
  /** When the line, which was read last, says it happened, milliseconds since the epoch. */
  time(line: string): number | null;
}

export const FREE_TEXT = "text";
