import * as fc from "fast-check";
import { sealCommitment } from "@detente/record";
import { utf8 } from "@detente/basics";
import { describe, expect, test } from "vitest";
import { deliver, type Delivery, Scene, type Written } from "../test/scene.ts";
import type { Fold, Status } from "./index.ts";

/** One step of a random history; the numbers choose who, what about and how. */
type Step = readonly [kind: number, who: number, what: number, how: number];

const steps: fc.Arbitrary<Step[]> = fc.array(fc.tuple(fc.nat(20), fc.nat(4), fc.nat(1000), fc.nat(1000)), {
  minLength: 5,
  maxLength: 60,
});

/** Whole units with everything in them that parties do, well-meaning or not. */
const histories: fc.Arbitrary<Scene> = fc
  .tuple(fc.integer({ min: 2, max: 4 }), fc.boolean(), steps)
  .map(([parties, isFounded, chosen]) => play(parties, isFounded, chosen));

function play(parties: number, isFounded: boolean, chosen: readonly Step[]): Scene {
  const scene = new Scene(...["ann", "bob", "cem", "dov"].slice(0, parties));
  const written: Written[] = [
    isFounded
      ? scene.found()
      : scene.say(scene.actors[0]!, { type: "open", kind: "charter", content: { charter: scene.charter } }),
  ];
  scene.join("newcomer");
  const charters = [{ opened: written[0]!, charter: scene.charter }];
  for (const [kind, who, what, how] of chosen) {
    const actor = scene.actors[who % scene.actors.length]!;
    const target = scene.actors[what % scene.actors.length]!;
    const about = written[what % written.length]!;
    const picked = charters[how % charters.length]!;
    const readers = how % 5 === 0 ? [target.name] : [actor.name, target.name];
    const audience = how % 3 === 0 ? [...new Set(readers)].sort() : undefined;
    const say = (words: Parameters<Scene["say"]>[1]): void => {
      written.push(scene.say(actor, { ...words, ...(audience && { audience }) }));
    };
    const text = { title: `${how}`, text: "" };
    switch (kind) {
      case 0:
      case 1:
        scene.observe(actor, ...scene.actors);
        break;
      case 2:
        scene.settle();
        break;
      case 3:
        say({ type: "open", kind: "question", content: text });
        break;
      case 4: {
        const position = (["assert", "accept", "deny", "withdraw"] as const)[how % 4]!;
        say({ type: "position", kind: position, of: [about.hash], content: how % 2 === 0 ? {} : { clause: "1" } });
        break;
      }
      case 5:
        say({ type: "account", kind: "report", of: [about.hash], content: { party: target.name, said: "accept" } });
        break;
      case 6:
        say({ type: "weigh", kind: "probability", of: [about.hash], content: { permille: how } });
        break;
      case 7:
        say({ type: "open", kind: "share", content: shareOf(how) });
        break;
      case 8: {
        const item = { index: how % 5 };
        const coverage = { from: what, to: what + how, source: "dns" };
        say({
          type: "observe",
          kind: "sighting",
          of: [about.hash],
          content: { item, count: 2 ** 52 + how, first: 0, last: 9, coverage },
        });
        break;
      }
      case 9: {
        const members = scene.actors.filter((_, i) => (how >> i) % 4 !== 1);
        if (members.length < 2) break;
        const base = how % 5 === 0 ? { base: "00".repeat(32) } : { base: scene.digestOf(picked.charter) };
        const charter = scene.amendment(members, { ...base, attempt: 1 + (what % 2), purpose: `${how % 3}` });
        const opened = scene.say(actor, {
          type: "open",
          kind: "charter",
          of: [about.hash].slice(how % 2),
          content: { charter },
        });
        written.push(opened);
        charters.push({ opened, charter });
        break;
      }
      case 10:
      case 11:
      case 12: {
        const late = written.findLast(({ log }) => log === scene.actors.at(-1)!.origin);
        written.push(scene.accept(actor, picked.opened, picked.charter, ...(late && how % 2 === 0 ? [late] : [])));
        break;
      }
      case 13:
        if (how % 3 === 0) break;
        written.push(
          scene.say(actor, { type: "position", kind: "withdraw", of: [about.hash], content: { digest: scene.unit } }),
        );
        break;
      case 14: {
        const generation = 1 + (how % 3);
        const content = {
          role: "log",
          key: actor.key("log", generation),
          next: scene.keyDigest(actor, "log", generation + 1),
        } as const;
        written.push(scene.say(actor, { type: "open", kind: "keys", content }));
        break;
      }
      case 15: {
        const commitment = sealCommitment(new Uint8Array(32), { permille: how });
        say({ type: "seal", kind: "commitment", content: { commitment } });
        say({
          type: "weigh",
          kind: "probability",
          of: [about.hash],
          content: { permille: what % 2 === 0 ? how : 0 },
          unseals: { seal: (how % 2 === 0 ? written.at(-1)! : about).hash, salt: "00".repeat(32) },
        });
        break;
      }
      case 16: {
        const root = new Uint8Array(32).fill(how % 2);
        const content = {
          log: target.origin,
          first: target.checkpoint(1, new Uint8Array(32)),
          second: target.checkpoint(1, root),
        };
        written.push(scene.say(actor, { type: "observe", kind: "equivocation", content }));
        break;
      }
      case 17:
        // A leaf of somebody else's, word for word; or garbage.
        if (how % 3 === 0) scene.write(actor, utf8(`garbage ${how}`));
        else written.push(scene.write(actor, about.leaf, about.body));
        break;
      case 18:
        scene.lie(actor, target, how);
        break;
      default: {
        const names = picked.charter.parties.map(({ name }) => name);
        const others = scene.actors.filter(({ name }) => names.includes(name) && name !== "newcomer");
        const joined = names.includes("newcomer")
          ? [scene.accept(scene.actors.at(-1)!, picked.opened, picked.charter)]
          : [];
        scene.settle();
        written.push(
          ...joined,
          ...others.map((other) => scene.accept(other, picked.opened, picked.charter, ...joined)),
        );
        break;
      }
    }
  }
  return scene;
}

function shareOf(how: number) {
  return {
    title: `${how}`,
    tlp: "amber",
    collection: { root: "ab".repeat(32), count: 3 },
    items: { digest: "cd".repeat(32), size: 1 },
    kinds: { domain: 3 },
  } as const;
}

/** Mixes the logs at random, keeping the order within each, lets bodies arrive at any time, and repeats some of it. */
function shuffled(scene: Scene, choices: readonly number[]): Delivery[] {
  const logs = scene.actors.map(({ written }) => [...written]);
  const bodies = scene.actors.flatMap(({ written }) => written.flatMap(({ body }) => body ?? []));
  const deliveries: Delivery[] = [];
  for (let i = 0; logs.some((log) => log.length > 0) || bodies.length > 0; i++) {
    const choice = (choices[i % choices.length] ?? 0) + i;
    const log = logs[choice % (logs.length + 1)];
    if (bodies.length > 0 && (log === undefined || log.length === 0)) {
      deliveries.push({ body: bodies.splice(choice % bodies.length, 1)[0]! });
    } else {
      const entry = (log !== undefined && log.length > 0 ? log : logs.find(({ length }) => length > 0))?.shift();
      if (entry !== undefined) deliveries.push({ entry });
    }
    const again = deliveries[choice % (deliveries.length + 1)];
    if (choice % 5 === 0 && again !== undefined) deliveries.push(again);
  }
  return deliveries;
}

/** Histories a law is tried on; more where somebody has the time: `LAWS=3000 npx vitest run packages/unit`. */
const RUNS = Number(process.env["LAWS"] ?? 60);

const orders = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 200 });

/** What a party said before it was one, or after it left, may yet count: a charter may take it in from there on. */
function isFinal(status: Status): boolean {
  if (status.state === "void") return status.reason !== "not-a-member" && status.reason !== "party-left";
  return status.state === "effective";
}

function statuses(scene: Scene, fold: Fold): (Status | undefined)[] {
  return scene.actors.flatMap(({ origin, written }) => written.map(({ index }) => fold.status(origin, index)));
}

function digests(fold: Fold): unknown {
  return fold.views().map((view) => [view, fold.viewDigest(view)]);
}

describe("laws of the fold", { timeout: 240_000 + 1000 * RUNS }, () => {
  test("any interleaving and any duplication of deliveries gives the same state and the same digests", () => {
    fc.assert(
      fc.property(histories, orders, orders, (scene, one, other) => {
        const first = scene.fold(shuffled(scene, one));
        const second = scene.fold(shuffled(scene, other));
        expect(digests(second)).toEqual(digests(first));
        expect(statuses(scene, second)).toEqual(statuses(scene, first));
        expect(second.charter()).toEqual(first.charter());
        expect(second.members()).toEqual(first.members());
        expect(second.things()).toEqual(first.things());
        expect(second.logs()).toEqual(first.logs());
      }),
      { numRuns: RUNS },
    );
  });

  test("a digest does not depend on the digests that were taken before", () => {
    fc.assert(
      fc.property(histories, orders, (scene, order) => {
        const fold = scene.emptyFold();
        for (const delivery of shuffled(scene, order)) {
          deliver(fold, delivery);
          digests(fold);
        }
        expect(digests(fold)).toEqual(digests(scene.fold()));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  test("delivering more never takes an effect back, and never makes a void statement count", () => {
    fc.assert(
      fc.property(histories, orders, (scene, order) => {
        const fold = scene.emptyFold();
        const before = new Map<string, Status>();
        for (const delivery of shuffled(scene, order)) {
          deliver(fold, delivery);
          for (const { origin, written } of scene.actors) {
            for (const { index } of written) {
              const status = fold.status(origin, index);
              const key = `${origin} ${index}`;
              const was = before.get(key);
              expect(was !== undefined && isFinal(was) ? status : was).toEqual(was);
              if (status !== undefined) before.set(key, status);
            }
          }
        }
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test("the unit's digest does not depend on sealed bodies, nor on bodies that have no effect yet", () => {
    fc.assert(
      fc.property(histories, orders, (scene, order) => {
        const full = scene.fold();
        const needed = new Set(
          scene.actors
            .flatMap(({ origin, written }) =>
              written.filter(({ index }) => {
                const report = full.statement(origin, index);
                return report?.form === "unit-wide" && report.status.state !== "pending";
              }),
            )
            .map(({ body }) => body),
        );
        const partial = scene.fold(
          shuffled(scene, order).filter((delivery) => !("body" in delivery) || needed.has(delivery.body)),
        );
        expect(partial.viewDigest()).toEqual(full.viewDigest());
      }),
      { numRuns: RUNS / 2 },
    );
  });

  test("whoever copies all leaves of all others changes nothing of what is on the table, nor of who said it", () => {
    fc.assert(
      fc.property(histories, fc.nat(4), orders, (scene, who, order) => {
        scene.settle();
        scene.settle();
        const copier = scene.actors[who % scene.actors.length]!;
        const before = scene.fold().things();
        for (const { leaf, body } of scene.actors.flatMap(({ written }) => written)) {
          if (body !== undefined) scene.write(copier, leaf, body);
        }
        for (const other of scene.actors) if (other !== copier) scene.observe(other, copier);
        expect(scene.fold(shuffled(scene, order)).things()).toEqual(before);
      }),
      { numRuns: RUNS / 4 },
    );
  });

  test("no statement of one party changes where another stands", () => {
    fc.assert(
      fc.property(histories, fc.nat(4), (scene, who) => {
        const actor = scene.actors[who % scene.actors.length]!;
        const fold = scene.fold();
        for (const thing of fold.things()) {
          for (const { origin, positions } of thing.voices) {
            for (const { index, kind } of positions) {
              const own = fold.statement(origin, index);
              expect(own?.log).toBe(origin);
              expect(own?.body).toMatchObject({ type: "position", kind });
              expect(own?.body?.of).toContain(thing.hash);
            }
          }
        }
        const positionsOf = (others: Fold) =>
          others
            .things()
            .map(({ hash, voices }) => [
              hash,
              voices.filter(({ origin }) => origin !== actor.origin).map(({ positions }) => positions),
            ]);
        const before = positionsOf(fold);
        const target = fold.things()[0];
        if (target === undefined) return;
        for (const kind of ["deny", "withdraw", "accept"] as const) {
          scene.say(actor, { type: "position", kind, of: [target.hash], content: {} });
        }
        for (const other of scene.actors) if (other !== actor) scene.observe(other, actor);
        const after = new Map(positionsOf(scene.fold()) as [string, unknown][]);
        for (const [hash, positions] of before as [string, unknown[]][]) {
          const kept = (after.get(hash) as unknown[]).filter((held) => (held as unknown[]).length > 0);
          expect(kept).toEqual(expect.arrayContaining(positions.filter((held) => (held as unknown[]).length > 0)));
        }
      }),
      { numRuns: RUNS / 2 },
    );
  });
});

const REACHED = [
  "effective",
  "pending",
  "amended",
  "joined",
  "conflict",
  "frozen",
  "not-a-member",
  "party-left",
  "duplicate",
  "copied",
  "waiting base-charter",
  "waiting key",
  "waiting references",
  "malformed-leaf",
  "omits-member",
  "outside-view",
  "author-outside-audience",
  "no-such-seal",
  "wrong-unsealing",
  "not-a-leave",
  "not-proven",
  "wrong-preimage",
];

test("the histories reach what they are meant to reach", () => {
  const seen = new Set<string>();
  for (const scene of fc.sample(histories, { numRuns: 150, seed: 7 })) {
    const fold = scene.fold();
    for (const status of statuses(scene, fold)) {
      if (status === undefined) continue;
      seen.add(
        status.state === "void" ? status.reason : status.state === "waiting" ? `waiting ${status.for}` : status.state,
      );
    }
    if (fold.charter().chain.length > 1) seen.add("amended");
    if (fold.members().some(({ memberships }) => memberships.some(({ from }) => from > 0))) seen.add("joined");
    if (fold.conflicts().length > 0) seen.add("conflict");
    if (fold.logs().some(({ frozen }) => frozen !== undefined)) seen.add("frozen");
  }
  expect([...seen]).toEqual(expect.arrayContaining(REACHED));
});
