import { setTimeout as sleep } from "node:timers/promises";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detente } from "../../testing/console.ts";
import { ThreeStations } from "../../testing/three-stations.ts";

const csv = (ada: number, total = ada): string =>
  `precinct,contest,choice,votes\nP1,Mayor,Ada,${ada}\nTotal,Mayor,Ada,${total}\n`;

describe("results that are watched", () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "detente-cli-results-"));
    for (const observer of ["alpha", "bravo"]) await mkdir(join(dir, observer));
    await writeFile(join(dir, "alpha", "2026-11-03T20-00Z.csv"), csv(5));
    await writeFile(join(dir, "bravo", "2026-11-03T21-00Z.csv"), csv(4));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it("are compared across observers, in the order of the times in their names", async () => {
    const { code, out } = await detente(["results", "watch", dir, "--once", "--json"]);
    expect(code).toBe(1);
    const [finding] = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(finding).toMatchObject({
      code: "went-back",
      expected: 5,
      found: 4,
      seen: { observer: "bravo", at: Date.UTC(2026, 10, 3, 21) },
      against: { observer: "alpha", at: Date.UTC(2026, 10, 3, 20) },
    });
  });

  it("are told by their observers, however the directory is written", async () => {
    const path = `./${relative(process.cwd(), dir)}/`;
    const { out } = await detente(["results", "watch", path, "--once", "--json"]);
    expect(JSON.parse(out.split("\n")[0] ?? "")).toMatchObject({
      seen: { observer: "bravo" },
      against: { observer: "alpha" },
    });
  });

  it("are watched until somebody stops it, new files too, and each finding is said once", async () => {
    let stop: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => (stop = resolve));
    let wrote: Promise<unknown> | undefined;
    const printed = (text: string): void => {
      if (text.includes("precinct-sum")) stop();
      if (!text.includes("went-back") || wrote !== undefined) return;
      const write = (at: string, content: string): Promise<void> =>
        writeFile(join(dir, "bravo", `2026-11-03T${at}.csv`), content);
      wrote = (async () => {
        await write("22-30Z", "nonsense\n");
        // It is met half written, and looked at once more.
        await write("22-00Z", "precinc");
        await sleep(1500);
        await write("22-00Z", csv(6, 7));
      })();
    };
    const watching = detente(["results", "watch", dir, "--interval", "1s"], { stopped, printed });
    const { code, out, err } = await watching;
    await wrote;
    expect(code).toBe(2);
    expect(err).toContain("22-30Z.csv:1: has no column precinct");
    const lines = out.trim().split("\n");
    expect(lines.map((line) => line.split(": ")[1])).toEqual(["went-back", "went-back", "precinct-sum"]);
  });
});

it("copies that two parties put on the record are compared by their digests", async () => {
  const stations = await ThreeStations.start();
  try {
    const share = await stations.saidAndSeen("alpha", "bravo", "share", stations.path("phish.csv"), "--tlp", "green");
    const [good, bad] = [await stations.write("good.csv", csv(5)), await stations.write("bad.csv", csv(5, 6))];
    const post = (file: string, at: string): string[] => [
      "results",
      "post",
      file,
      "--about",
      share,
      "--origin",
      "https://results.example/r.csv",
      "--obtained",
      at,
    ];
    const { exhibit } = await stations.json<{ exhibit: { leafHash: string } }>(
      "alpha",
      ...post(good, "2026-11-03T21:00:00Z"),
    );
    await stations.effective("bravo", exhibit.leafHash);
    expect((await stations.as("bravo", "results", "seen", share)).code).toBe(0);
    const posted = await stations.as("bravo", ...post(bad, "2026-11-03T21:00:30Z"));
    expect(posted).toMatchObject({ code: 1 });
    expect(posted.out).toContain("1 finding");
    const { code, out } = await stations.as("bravo", "results", "seen", share, "--json");
    expect(code).toBe(1);
    const { copies } = JSON.parse(out) as { copies: { party: string; differs: boolean; size: number }[] };
    expect(copies.map(({ party, differs, size }) => [party, differs, size])).toEqual([
      ["alpha", true, csv(5).length],
      ["bravo", true, csv(5, 6).length],
    ]);
  } finally {
    await stations.close();
  }
});
