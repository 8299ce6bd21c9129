import { err, type Err, type Fault } from "@detente/basics";

/**
 * What can be wrong with an input: `unreadable` (missing, forbidden, a failing disk), `damaged` (packed data that is
 * cut or corrupt), `too-large` (it unpacks to more than it may), `packed` (in a way that is not undone: it was screened as
 * it stands), `nothing` (no file behind a name), `gone` (a log that
 * was screened cannot be screened again for what is new).
 */
export type InputCode = "unreadable" | "damaged" | "too-large" | "packed" | "nothing" | "gone";

export type InputFault = Fault<InputCode>;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "does not exist — check the path",
  EACCES: "may not be read or written — check its permissions",
  EPERM: "may not be read or written — check its permissions",
  EISDIR: "is a directory — name a file",
  ENOTDIR: "is no directory — check the path",
  ELOOP: "is a symbolic link that leads nowhere — check where it points",
  EMFILE: "cannot be opened: too many files are open — raise the limit (ulimit -n)",
  ENOSPC: "cannot be written: the disk is full — make room",
};

/** A failed file operation in plain words: `<path>: <what> — <remedy>`. */
export function unreadable(path: string, error: unknown): Err<Fault<"unreadable">> {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return err("unreadable", `${path}: ${REASONS[code] ?? message}`);
}
