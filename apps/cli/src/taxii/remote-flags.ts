import { optional, type OptionalFlag, yes } from "../args.ts";

/** The flags of every command that talks with a TAXII server of others. */
export type RemoteFlags = {
  readonly tokenFile?: string;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly private: boolean;
};

export const REMOTE_FLAGS: {
  readonly tokenFile: OptionalFlag<string>;
  readonly user: OptionalFlag<string>;
  readonly passwordFile: OptionalFlag<string>;
  readonly private: ReturnType<typeof yes>;
} = {
  tokenFile: optional(String, "file", "a file that holds a bearer token"),
  user: optional(String, "name", "the user, with --password-file"),
  passwordFile: optional(String, "file", "a file that holds the user's password"),
  private: yes("the server may be at a private address, and speak plain http"),
};
