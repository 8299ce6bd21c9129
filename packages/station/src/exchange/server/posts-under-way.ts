export interface PostLimits {
  /** Envelopes that one token may have under way. */
  readonly perToken: number;
  /** Bytes of these, and of all tokens' together: they are in memory until they are stored. */
  readonly bytesPerToken: number;
  readonly bytes: number;
}

export const POST_LIMITS: PostLimits = { perToken: 8, bytesPerToken: 64 << 20, bytes: 256 << 20 };

/** Whose limit there is no room in: the token's own, or that of all together. */
type Entry = { readonly leave: () => void } | { readonly full: "token" | "server" };

interface Account {
  posts: number;
  bytes: number;
}

/**
 * What is being sent or stored right now. A token that sends too much at once is put off by what it has under way
 * itself, so that it keeps out nobody but itself; only all together are put off by all.
 */
export class PostsUnderWay {
  readonly #limits: PostLimits;
  readonly #accounts = new Map<string, Account>();
  #bytes = 0;

  constructor(limits: PostLimits) {
    this.#limits = limits;
  }

  /** Begins an envelope of at most so many bytes; at its end `leave` must be called, once. */
  enter(token: string, bytes: number): Entry {
    const { perToken, bytesPerToken, bytes: all } = this.#limits;
    const account = this.#accounts.get(token) ?? { posts: 0, bytes: 0 };
    // One alone may be larger than what there is for several.
    if (account.posts >= perToken || (account.posts > 0 && account.bytes + bytes > bytesPerToken)) {
      return { full: "token" };
    }
    if (this.#bytes > 0 && this.#bytes + bytes > all) return { full: "server" };
    this.#change(token, account, 1, bytes);
    return { leave: () => this.#change(token, account, -1, -bytes) };
  }

  #change(token: string, account: Account, posts: number, bytes: number): void {
    account.posts += posts;
    account.bytes += bytes;
    this.#bytes += bytes;
    if (account.posts === 0) this.#accounts.delete(token);
    else this.#accounts.set(token, account);
  }
}
