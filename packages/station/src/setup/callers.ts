import { err, type Fault, ok, type Result, toBase64, toHex } from "@detente/basics";
import type { Token, Tokens } from "@detente/store";
import type { Scope } from "../vocabulary.ts";
import { tokenMatches } from "./token.ts";

/** Who calls the local interface. */
export type Caller =
  | { readonly role: "officer" }
  | { readonly role: "machine"; readonly id: string; readonly scopes: ReadonlySet<string> };

/** A token as it is given out, this once: only its hash is kept. */
export interface GrantedToken extends Token {
  readonly secret: string;
}

interface Wanted {
  readonly label: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since 1970; without it the token is good until it is revoked. */
  readonly expires?: number;
}

/** Programs that search files for secrets which got lost know ours by it. */
const PREFIX = "detente_";

/** Whom the local interface knows: the officer by the token in the data directory, machines by tokens made for them. */
export class Callers {
  readonly #tokens: Tokens;
  readonly #officer: string;
  readonly #random: (length: number) => Uint8Array;
  readonly #now: () => number;

  constructor(options: {
    readonly tokens: Tokens;
    readonly officer: string;
    readonly random: (length: number) => Uint8Array;
    readonly now: () => number;
  }) {
    this.#tokens = options.tokens;
    this.#officer = options.officer;
    this.#random = options.random;
    this.#now = options.now;
  }

  /** Who has this secret; undefined for one that nobody has, or that expired or was revoked. */
  async identify(secret: string): Promise<Caller | undefined> {
    if (tokenMatches(secret, this.#officer)) return { role: "officer" };
    const token = await this.#tokens.find(secret, this.#now());
    return token === undefined ? undefined : { role: "machine", id: token.id, scopes: new Set(token.scopes) };
  }

  async grant({ label, scopes, expires }: Wanted): Promise<Result<GrantedToken, Fault<"expired">>> {
    const created = this.#now();
    if (expires !== undefined && expires <= created) return err("expired", "expires: that time has passed already");
    const id = toHex(this.#random(6));
    const token = {
      id,
      label,
      scopes: [...new Set(scopes)].sort(),
      created,
      ...(expires !== undefined && { expires }),
    };
    const secret = PREFIX + urlSafe(this.#random(32));
    await this.#tokens.add(token, secret);
    return ok({ ...token, secret });
  }

  /** Whether there is a token, not over yet, that has one of these scopes. */
  async anyHas(scopes: readonly Scope[]): Promise<boolean> {
    const now = this.#now();
    const tokens = await this.#tokens.list();
    return tokens.some(
      ({ expires = Infinity, scopes: own }) => expires > now && scopes.some((scope) => own.includes(scope)),
    );
  }

  list(): Promise<Token[]> {
    return this.#tokens.list();
  }

  async revoke(id: string): Promise<Result<{ readonly id: string }, Fault<"not-found">>> {
    const revoked = await this.#tokens.revoke(id);
    return revoked ? ok({ id }) : err("not-found", "no token has this id; `detente token list` shows them");
  }
}

/** base64url without padding (RFC 4648 §5). */
function urlSafe(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
