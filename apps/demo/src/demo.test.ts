import { spawn } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const isBuilt = await access(MAIN).then(
  () => true,
  () => false,
);

/** The first of three ports that are free now. */
async function threePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 20_000);
    const servers = [0, 1, 2].map(() => createServer());
    const listening = servers.map(
      (server, i) =>
        new Promise<boolean>((resolve) => {
          server.on("error", () => resolve(false));
          server.listen(first + i, "127.0.0.1", () => resolve((server.address() as AddressInfo).port === first + i));
        }),
    );
    const areFree = (await Promise.all(listening)).every(Boolean);
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    if (areFree) return first;
  }
}

interface Outcome {
  readonly equal: boolean;
  readonly election: {
    readonly valid: boolean;
    readonly contests: readonly {
      readonly id: string;
      readonly verdict: string;
      readonly winners: readonly string[];
      readonly risk: number;
    }[];
  };
}

async function demo(args: readonly string[]): Promise<{ code: number | null; out: string; trouble: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, trouble] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (trouble += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, out, trouble };
}

it.skipIf(!isBuilt)(
  "tells its story, and audits an election of which the honest contest is confirmed and the hacked one caught",
  { timeout: 600_000 },
  async () => {
    const dir = await mkdtemp(`${tmpdir()}/detente-demo-`);
    try {
      const port = String(await threePorts());
      const args = ["--once", "--election", "--cards", "1000", "--json", "--dir", `${dir}/data`, "--port", port];
      const { code, out, trouble } = await demo(args);
      expect({ code, trouble }).toEqual({ code: 0, trouble: "" });
      const { equal, election } = JSON.parse(out) as Outcome;
      expect(equal).toBe(true);
      expect(election).toMatchObject({
        valid: true,
        contests: [
          { id: "mayor", verdict: "confirmed", winners: ["Ada Lind"] },
          { id: "treasurer", verdict: "counted", winners: ["Cleo Vik"] },
        ],
      });
      const [mayor, treasurer] = election.contests;
      expect(mayor!.risk).toBeLessThan(0.05);
      expect(treasurer!.risk).toBeGreaterThan(0.05);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
);
