import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { err, toHex, unwrap } from "@detente/basics";
import { AnswerStore } from "@detente/store";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { UnitRuntime } from "../unit-runtime.ts";
import type { PeerRequest } from "../wire/peer-client.ts";
import { Asking } from "./asking.ts";
import type { Copies } from "./copies.ts";
import { SetFiles } from "./set-files.ts";
import { Tabs } from "./tabs.ts";
import { MatchThreads } from "./threads.ts";

const SET = new Uint8Array(32).fill(7);
const QUESTION = { kind: "domain", value: "asked.example" } as const;

let home: string;
let answers: AnswerStore;
let threads: MatchThreads;
let sync: () => Promise<void>;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "asking-"));
  threads = new MatchThreads();
  sync = () => Promise.resolve();
  answers = unwrap(AnswerStore.open(join(home, "answers.sqlite"), () => sync()));
});

afterEach(async () => {
  answers.close();
  await threads.close();
  rmSync(home, { recursive: true });
});

/** Asks ann, of whom only what she is sent matters: she answers nothing. */
function askingAnn(send: (wanted: PeerRequest) => void): { readonly asking: Asking; readonly tabs: Tabs } {
  const client = {
    request: async (_method: string, _path: string, wanted: PeerRequest) => {
      send(wanted);
      await Promise.resolve(wanted.ready).catch(() => undefined);
      return err("unreachable", "ann is away");
    },
  };
  const unit = { peers: { list: () => [{ name: "ann", client }] } } as unknown as UnitRuntime;
  const copy = { party: "ann", report: { hash: toHex(SET) }, published: { set: SET }, budget: 100 };
  const tabs = new Tabs(answers.tabs, () => 0);
  const files = new SetFiles(home);
  const asking = new Asking({
    unit: () => unit,
    copies: { of: () => copy } as unknown as Copies,
    files,
    evidence: files,
    answers,
    tabs,
    threads,
    seed: () => new Uint8Array(32).fill(1),
    random: (length) => new Uint8Array(length).fill(3),
  });
  return { asking, tabs };
}

it("lets all of a request out only once it is on the disk", async () => {
  let release: () => void = () => undefined;
  sync = () => new Promise((resolve) => (release = resolve));
  let sent: PeerRequest | undefined;
  let isReady = false;
  const { asking, tabs } = askingAnn((wanted) => {
    sent = wanted;
    void wanted.ready?.then(() => (isReady = true));
  });
  const asked = asking.ask("ann", [QUESTION]);
  await expect.poll(() => sent).toBeDefined();
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  expect(isReady).toBe(false);
  expect((await tabs.get(toHex(SET))).asked?.request).toEqual(sent?.body);
  release();
  expect(await asked).toMatchObject({ ok: false, fault: { code: "unreachable" } });
  expect(isReady).toBe(true);
});

it("throws what the disk says, and lets nothing out then", async () => {
  sync = () => Promise.reject(new Error("disk failed"));
  const ready: unknown[] = [];
  const { asking } = askingAnn((wanted) => {
    wanted.ready?.then(
      () => ready.push("sent"),
      (error: unknown) => ready.push(error),
    );
  });
  await expect(asking.ask("ann", [QUESTION])).rejects.toThrow("disk failed");
  expect(ready).toEqual([new Error("disk failed")]);
});
