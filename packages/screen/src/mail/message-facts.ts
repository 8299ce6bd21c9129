import { type MailAddress, parseAddresses } from "./addresses.ts";
import { type AuthenticationResult, parseAuthenticationResults, parseReceivedSpf } from "./authentication.ts";
import { anchorsOf } from "./html.ts";
import { latin1ToText } from "../latin1.ts";

/** The addresses of a header field. */
export interface AddressField {
  readonly field: string;
  readonly line: number;
  readonly addresses: readonly MailAddress[];
}

/** A link of a part: where it leads, and what it looks like where that is another thing. */
export interface MailLink {
  readonly field: string;
  readonly line: number;
  readonly href: string;
  readonly text: string | undefined;
}

/** What servers found out, by the topmost field that says so. */
export interface Authentication {
  readonly field: string;
  readonly line: number;
  readonly by: string;
  readonly results: readonly AuthenticationResult[];
}

/** What a message claims to be, and what speaks for it. */
export interface MessageFacts {
  /** Where it begins. */
  readonly line: number;
  readonly from: AddressField | undefined;
  readonly others: readonly AddressField[];
  readonly envelope: AddressField | undefined;
  readonly authentication: Authentication | undefined;
  readonly links: readonly MailLink[];
}

const MAX_FIELDS = 20;
const MAX_LINKS = 1000;
const OTHERS: ReadonlySet<string> = new Set(["reply-to", "sender", "return-receipt-to", "resent-from"]);
/** White space is ASCII's: other is a byte of a letter here. */
const BARE_LINK = /\bhttps?:\/\/[^\t-\r "<>`{}|\\^]{1,2048}/gi;

/** Gathers the facts of one message as it is read; how many of each is bounded. */
export class FactsCollector {
  readonly #line: number;
  #from: AddressField | undefined;
  #envelope: AddressField | undefined;
  readonly #others: AddressField[] = [];
  readonly #authentication = new Map<string, Authentication>();
  readonly #links = new Map<string, MailLink>();

  constructor(line: number) {
    this.#line = line;
  }

  /** @param value unfolded, one character for each byte */
  field(name: string, value: string, line: number): void {
    if (name === "from" && this.#from === undefined) this.#from = addressField(name, value, line);
    else if (name === "from" || OTHERS.has(name)) {
      if (this.#others.length < MAX_FIELDS) this.#others.push(addressField(name, value, line));
    } else if (name === "return-path") this.#envelope ??= addressField(name, value, line);
    else if (AUTHENTICATION.includes(name) && !this.#authentication.has(name)) {
      this.#authentication.set(name, { field: name, line, ...readAuthentication(name, value) });
    }
  }

  /**
   * @param text decoded, one character for each byte
   * @param lineOf the line of the file for an offset of the text
   */
  body(field: string, text: string, isHtml: boolean, lineOf: (offset: number) => number): void {
    if (isHtml) {
      for (const { href, text: shown, at } of anchorsOf(text)) {
        this.#link({ field, line: lineOf(at), href, text: shown });
      }
      return;
    }
    for (const { 0: href, index } of text.matchAll(BARE_LINK)) {
      this.#link({ field, line: lineOf(index), href, text: undefined });
    }
  }

  facts(): MessageFacts {
    const best = AUTHENTICATION.find((name) => this.#authentication.has(name)) ?? "";
    return {
      line: this.#line,
      from: this.#from,
      others: this.#others,
      envelope: this.#envelope,
      authentication: this.#authentication.get(best),
      links: [...this.#links.values()],
    };
  }

  #link(link: MailLink): void {
    const readable = { ...link, href: latin1ToText(link.href), text: link.text && latin1ToText(link.text) };
    const key = `${readable.href}\n${readable.text ?? ""}`;
    if (this.#links.size < MAX_LINKS && !this.#links.has(key)) this.#links.set(key, readable);
  }
}

/** The most telling first. */
const AUTHENTICATION = ["authentication-results", "arc-authentication-results", "received-spf"];

function readAuthentication(name: string, value: string): Pick<Authentication, "by" | "results"> {
  if (name !== "received-spf") return parseAuthenticationResults(value);
  const spf = parseReceivedSpf(value);
  return { by: "", results: spf === undefined ? [] : [spf] };
}

function addressField(field: string, value: string, line: number): AddressField {
  return { field, line, addresses: parseAddresses(value) };
}
