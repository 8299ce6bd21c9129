import type { Hit } from "../hit.ts";
import type { IndicatorIndex } from "../indicator-index.ts";
import type { ScreenOptions } from "../screener.ts";
import type { Tally } from "../tally.ts";
import { parseMailboxTime } from "./date.ts";
import { type MailFinding, findingsOf } from "./findings.ts";
import { FactsCollector } from "./message-facts.ts";
import { MessageScreener } from "./message-screener.ts";
import type { Piece } from "./mime-walker.ts";

/** What is to be said about messages besides their hits. */
export interface MailOptions {
  /** Domains that others may want to look like. */
  readonly protectedDomains: readonly string[];
  /** Is told of what is suspicious about a message, once the message has ended. */
  readonly onFinding: (finding: MailFinding) => void;
}

/** A mailbox's message begins so, after a blank line (RFC 4155 appendix A); prose that begins with From has no time. */
export const FROM_LINE: RegExp = /^From [^\r\n]{0,400}[0-9]{2}:[0-9]{2}/;

/** Screens a message or a mailbox of them (mboxo, mboxrd), line by line; one message is open at a time. */
export class MailScreener<Ref> {
  readonly #index: IndicatorIndex<Ref>;
  readonly #format: "mbox" | "eml";
  readonly #tally: Tally<Ref>;
  readonly #options: MailOptions | undefined;
  readonly #withContext: boolean;
  #message: MessageScreener<Ref> | undefined;
  #facts: FactsCollector | undefined;
  #isAfterBlank = true;

  constructor(
    index: IndicatorIndex<Ref>,
    format: "mbox" | "eml",
    tally: Tally<Ref>,
    { mail, withContext = false }: Pick<ScreenOptions, "mail" | "withContext">,
  ) {
    this.#index = index;
    this.#format = format;
    this.#tally = tally;
    this.#options = mail;
    this.#withContext = withContext;
  }

  /** @param piece a line, or a piece of one; a line's first piece has column 1 */
  take(piece: Piece): readonly Hit<Ref>[] {
    const { text, line, column } = piece;
    const startsLine = column === 1;
    if (this.#message === undefined && text === "") return [];
    const isAfterBlank = this.#isAfterBlank;
    this.#isAfterBlank = startsLine && text === "";
    if (this.#format === "mbox" && startsLine) {
      if (isAfterBlank && FROM_LINE.test(text)) return this.#next(piece);
      // mboxrd quotes `From ` and what is quoted already, mboxo the first alone.
      if (/^>+From /.test(text)) return this.#open(line).take({ text: text.slice(1), line, column: 2 }, true);
    }
    return this.#open(line).take(piece, startsLine);
  }

  end(): readonly Hit<Ref>[] {
    const hits = this.#message?.end() ?? [];
    this.#tally.time(this.#message?.time ?? null);
    this.#message = undefined;
    if (this.#facts !== undefined && this.#options !== undefined) {
      const { protectedDomains, onFinding } = this.#options;
      for (const finding of findingsOf(this.#facts.facts(), protectedDomains)) onFinding(finding);
    }
    this.#facts = undefined;
    return hits;
  }

  #open(line: number, moment: number | null = null): MessageScreener<Ref> {
    if (this.#message !== undefined) return this.#message;
    if (this.#options !== undefined) this.#facts = new FactsCollector(line);
    const flag = this.#tally.flag.bind(this.#tally);
    const withContext = this.#withContext;
    const context = { index: this.#index, format: this.#format, flag, facts: this.#facts, withContext };
    this.#message = new MessageScreener(context, line, moment);
    return this.#message;
  }

  /** The line itself names the sender that the mailbox's keeper knew. */
  #next(piece: Piece): readonly Hit<Ref>[] {
    const before = this.end();
    const message = this.#open(piece.line, parseMailboxTime(piece.text));
    this.#isAfterBlank = false;
    message.between(piece, true);
    return before;
  }
}
