import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Debian's nats-server; tests that need it are skipped where it is not. */
export const hasNatsServer: boolean = spawnSync("nats-server", ["--version"]).status === 0;

/** A real server with JetStream and a directory of its own, which it keeps over restarts. */
export class NatsServer {
  readonly dir: string;
  readonly port: number;
  #process: ChildProcess | undefined;

  private constructor(dir: string, port: number) {
    this.dir = dir;
    this.port = port;
  }

  /** @param config more lines for its configuration; `DIR` stands for its directory */
  static async start(config = "", prepare: (dir: string) => void = () => undefined): Promise<NatsServer> {
    const dir = await mkdtemp(join(tmpdir(), "detente-nats-"));
    prepare(dir);
    const server = new NatsServer(dir, await freePort());
    await server.configure(config);
    await server.begin();
    return server;
  }

  /** What it is to be like from its next start on. */
  async configure(config: string): Promise<void> {
    const lines = `listen: "127.0.0.1:${this.port}"\njetstream { store_dir: "DIR/store" }\n${config}\n`;
    await writeFile(join(this.dir, "server.conf"), lines.replaceAll("DIR", this.dir));
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    this.#process = spawn("nats-server", ["-c", join(this.dir, "server.conf")], { stdio: "ignore" });
    await untilListening(this.port);
  }

  /** As when its machine loses power. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/**
 * A port of the loopback address that nobody listens on now. It is none of those that the system gives to whoever asks
 * for any: such a one another test may be given before it is used here.
 */
async function freePort(): Promise<number> {
  const port = randomInt(10_000, 32_768);
  const probe = createServer();
  const isFree = await new Promise<boolean>((resolve) => {
    probe.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  if (!isFree) return freePort();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    const socket = connect(port, "127.0.0.1");
    // Rejects with the socket's error.
    const isUp = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isUp) return;
    await delay(50);
  }
  throw new Error("nats-server does not listen");
}
