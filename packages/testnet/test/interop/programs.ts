import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where Debian's golang-golang-x-mod-dev puts golang.org/x/mod. */
const GOPATH = "/usr/share/gocode";

const GO = { ...process.env, GO111MODULE: "off", GOPATH, GOFLAGS: "" };

/** Why the programs of `peer` cannot be built here; `undefined` where they can. */
export function goIsMissing(): string | undefined {
  if (onPath("go") === undefined) return "no go (Debian: golang-go)";
  const library = existsSync(`${GOPATH}/src/golang.org/x/mod/sumdb/tlog`);
  return library ? undefined : "no golang.org/x/mod (Debian: golang-golang-x-mod-dev)";
}

/** Builds the programs of `peer` from their source, offline. */
export async function buildPeer(target: string): Promise<void> {
  await run("go", ["build", "-o", target, "."], { cwd: join(import.meta.dirname, "peer"), env: GO });
}

/** A program that Debian packages, from DETENTE_INTEROP or the PATH; see fetch-debian.sh. */
export function packaged(program: string): string | undefined {
  const dir = process.env["DETENTE_INTEROP"];
  if (dir === undefined) return onPath(program);
  return existsSync(join(dir, program)) ? join(dir, program) : undefined;
}

function onPath(program: string): string | undefined {
  const found = (process.env["PATH"] ?? "").split(delimiter).map((dir) => join(dir, program));
  return found.find((path) => existsSync(path));
}

/** Runs a program to its end; gives what it printed, and throws it where the program fails. */
export async function output(program: string, args: readonly string[]): Promise<string> {
  return run(program, args, { timeout: 60_000 }).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ""}`);
    },
  );
}

export interface Server {
  /** Lines of its output, as they came. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a program that goes on running. It is ready when it prints a line, or takes connections at an address given
 * as host:port.
 */
export async function serve(program: string, args: readonly string[], address?: string): Promise<Server> {
  // Debian builds Go programs outside of modules, where Go would read the patterns of their routes as Go 1.21 did.
  const env = { ...process.env, GODEBUG: "httpmuxgo121=0" };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const spoken = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      resolve();
    });
  });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([address === undefined ? spoken : answering(address), failed]);
  const stop = async (): Promise<void> => {
    child.kill();
    await gone;
  };
  return { lines, stop };
}

/** Resolves once something takes connections there. */
async function answering(address: string): Promise<void> {
  const { hostname, port } = new URL(`http://${address}`);
  for (;;) {
    const socket = connect(Number(port), hostname);
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
