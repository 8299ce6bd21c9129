import { readFile, stat } from "node:fs/promises";
import { err, type Fault, ok, type Result } from "@detente/basics";
import type { Credentials } from "./requests.ts";

/** Where the credentials for a server outside are: files, so that secrets stand in no setting and no argument. */
export interface CredentialFiles {
  /** Holds a bearer token. */
  readonly tokenFile?: string;
  /** With a password from a file: basic authentication. */
  readonly user?: string;
  readonly passwordFile?: string;
}

const MAX_SECRET = 16_384;

/** Reads credentials; `undefined` where none are named. White space around a secret is none of it. */
export async function readCredentials({
  tokenFile,
  user,
  passwordFile,
}: CredentialFiles): Promise<Result<Credentials | undefined, Fault<"bad-credentials">>> {
  if (tokenFile !== undefined && (user ?? passwordFile) !== undefined)
    return err("bad-credentials", "a token and a password are two ways; name one");
  if ((user === undefined) !== (passwordFile === undefined))
    return err("bad-credentials", "a user needs a file with the password, and a password a user");
  const path = tokenFile ?? passwordFile;
  if (path === undefined) return ok(undefined);
  const secret = await readSecret(path);
  if (!secret.ok) return secret;
  return ok(
    user === undefined ? { kind: "token", token: secret.value } : { kind: "password", user, password: secret.value },
  );
}

async function readSecret(path: string): Promise<Result<string, Fault<"bad-credentials">>> {
  try {
    const { size } = await stat(path);
    const secret = size > MAX_SECRET ? "" : (await readFile(path, "utf8")).trim();
    if (/^[\x20-\x7e]+$/.test(secret)) return ok(secret);
  } catch (error) {
    return err("bad-credentials", `${path}: ${(error as Error).message}`);
  }
  return err("bad-credentials", `${path}: expected one line of printable ASCII`);
}
