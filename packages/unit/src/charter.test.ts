import { describe, expect, test } from "vitest";
import { type CharterDocument, charterDigest } from "@detente/record";
import { type Actor, Scene, type Written } from "../test/scene.ts";

function propose(scene: Scene, actor: Actor, charter: CharterDocument, ...references: Written[]): Written {
  return scene.say(actor, {
    type: "open",
    kind: "charter",
    of: references.map(({ hash }) => hash),
    content: { charter },
  });
}

function leave(scene: Scene, actor: Actor, opened: Written): Written {
  return scene.say(actor, { type: "position", kind: "withdraw", of: [opened.hash], content: { digest: scene.unit } });
}

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;

function unitOf(...names: string[]): { scene: Scene; founding: Written; actors: Actor[] } {
  const scene = new Scene(...names);
  const founding = scene.found();
  return { scene, founding, actors: [...scene.actors] };
}

describe("amending the charter", () => {
  test("an amendment is in force when all parties have accepted its exact digest", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const amended = scene.amendment(actors, { purpose: "More." });
    const opened = propose(scene, ann, amended);
    scene.accept(ann, opened, amended);
    scene.accept(bob, opened, amended);
    scene.say(cem, { type: "position", kind: "accept", of: [opened.hash], content: { digest: scene.unit } });
    scene.settle();
    expect(scene.fold().charter().chain).toHaveLength(1);
    expect(scene.fold().charter().proposals).toMatchObject([{ lacking: [cem.origin], acceptWith: [opened.hash] }]);
    scene.accept(cem, opened, amended);
    scene.settle();
    expect(scene.fold().charter().current?.digest).toBe(charterDigest(amended));
  });

  test("a newcomer accepts first; the others' acceptances refer to its own", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const dov = scene.join("dov");
    const early = scene.say(dov, QUESTION);
    const amended = scene.amendment([ann, bob, dov]);
    const opened = propose(scene, ann, amended);
    scene.accept(ann, opened, amended);
    scene.accept(bob, opened, amended);
    const joined = scene.accept(dov, opened, amended);
    const later = scene.say(dov, QUESTION);
    scene.settle(ann, bob);
    expect(scene.fold().charter().chain).toHaveLength(1);
    expect(scene.fold().charter().proposals).toMatchObject([
      { lacking: [ann.origin, bob.origin], acceptWith: [opened.hash, joined.hash] },
    ]);
    expect(scene.fold().status(dov.origin, later.index)).toEqual({ state: "void", reason: "not-a-member" });

    scene.accept(ann, opened, amended, joined);
    scene.accept(bob, opened, amended, joined);
    scene.settle(ann, bob);
    const fold = scene.fold();
    expect(fold.charter().current?.digest).toBe(charterDigest(amended));
    expect(fold.members().map(({ name, memberships }) => [name, memberships])).toEqual([
      ["ann", [{ from: 0, to: null }]],
      ["bob", [{ from: 0, to: null }]],
      ["dov", [{ from: joined.index, to: null }]],
    ]);
    expect(fold.status(dov.origin, early.index)).toEqual({ state: "void", reason: "not-a-member" });
    expect(fold.status(dov.origin, later.index)).toMatchObject({ state: "effective" });
    expect(fold.keys(dov.origin)?.log).toMatchObject([{ key: dov.key("log"), from: joined.index }]);
  });

  test("of competing amendments the lowest attempt that is complete follows", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const first = scene.amendment(actors, { purpose: "First." });
    const second = scene.amendment(actors, { purpose: "Second.", attempt: 2 });
    const openedFirst = propose(scene, ann, first);
    const openedSecond = propose(scene, bob, second);
    scene.accept(ann, openedFirst, first);
    scene.accept(ann, openedSecond, second);
    scene.accept(bob, openedFirst, first);
    scene.accept(bob, openedSecond, second);
    scene.settle();
    expect(
      scene
        .fold()
        .charter()
        .chain.map(({ digest }) => digest),
    ).toEqual([scene.unit, charterDigest(first)]);
  });

  test("who has accepted a higher attempt, or another draft of the same, can no longer accept this one", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const first = scene.amendment(actors, { purpose: "First." });
    const rival = scene.amendment(actors, { purpose: "Rival." });
    const second = scene.amendment(actors, { purpose: "Second.", attempt: 2 });
    const [openedFirst, openedRival, openedSecond] = [first, rival, second].map((charter) =>
      propose(scene, ann, charter),
    );
    scene.accept(bob, openedSecond!, second);
    scene.accept(bob, openedFirst!, first);
    scene.accept(ann, openedFirst!, first);
    scene.accept(ann, openedRival!, rival);
    scene.accept(bob, openedRival!, rival);
    scene.settle();
    expect(scene.fold().charter().chain).toHaveLength(1);
    scene.accept(ann, openedSecond!, second);
    scene.settle();
    expect(scene.fold().charter().current?.digest).toBe(charterDigest(second));
  });

  test("two drafts of one attempt: whoever accepted the one cannot accept the other", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const [one, other] = ["One.", "Other."].map((purpose) => scene.amendment(actors, { purpose }));
    const [openedOne, openedOther] = [propose(scene, ann, one!), propose(scene, ann, other!)];
    scene.accept(ann, openedOne, one!);
    scene.accept(ann, openedOther, other!);
    scene.accept(bob, openedOther, other!);
    scene.settle();
    expect(scene.fold().charter().chain).toHaveLength(1);
    expect(
      scene
        .fold()
        .charter()
        .proposals.map(({ accepted }) => accepted),
    ).toEqual(expect.arrayContaining([[ann.origin], [bob.origin]]));
  });

  test("a charter that was in force goes on measuring: what took effect by it keeps its effect", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const dov = scene.join("dov");
    const amended = scene.amendment([ann, bob, dov]);
    const opened = propose(scene, ann, amended);
    scene.settle(ann, bob);
    const joined = scene.accept(dov, opened, amended);
    scene.accept(ann, opened, amended, joined);
    scene.accept(bob, opened, amended, joined);
    scene.settle(ann, bob);
    const question = scene.say(ann, QUESTION);
    scene.observe(bob, ann);
    const newcomersFirst = [...dov.written.map((entry) => ({ entry })), ...scene.deliveries()];
    for (const fold of [scene.fold(), scene.fold(newcomersFirst)]) {
      expect(fold.charter().current?.document.quorum).toBe(2);
      expect(fold.status(ann.origin, question.index)).toMatchObject({ state: "effective" });
      expect(fold.logs().find(({ origin }) => origin === ann.origin)?.effectiveSize).toBe(ann.tree.size);
    }
  });

  test("only a party's own leaving, or proof against its own log, excuses leaving it out", () => {
    const { scene, founding, actors } = unitOf("ann", "bob", "cem", "dov");
    const [ann, bob, cem, dov] = actors as [Actor, Actor, Actor, Actor];
    leave(scene, bob, founding);
    const left = leave(scene, cem, founding);
    const proof = scene.say(ann, {
      type: "observe",
      kind: "equivocation",
      content: { log: cem.origin, first: cem.checkpoint(1), second: cem.checkpoint(1, new Uint8Array(32)) },
    });
    const unexcused = propose(scene, ann, scene.amendment([ann, dov]), left);
    const misdirected = propose(scene, ann, scene.amendment([ann, cem, dov]), proof);
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, unexcused.index)).toEqual({ state: "waiting", for: "excuse" });
    expect(fold.status(ann.origin, misdirected.index)).toEqual({ state: "void", reason: "omits-member" });
  });

  test("a charter that leaves out a party which has not left is void", () => {
    const { scene, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob] = actors as [Actor, Actor, Actor];
    const opened = propose(scene, ann, scene.amendment([ann, bob]));
    scene.settle();
    expect(scene.fold().status(ann.origin, opened.index)).toEqual({ state: "void", reason: "omits-member" });
  });

  test("a name stays with its log", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    const dov = scene.join("dov");
    const charter = scene.amendment([ann, bob, dov]);
    const parties = charter.parties.map((party) => (party.name === "bob" ? { ...party, name: "bogus" } : party));
    const opened = propose(scene, ann, { ...charter, parties });
    scene.settle(ann, bob);
    expect(scene.fold().status(ann.origin, opened.index)).toEqual({ state: "void", reason: "name-taken" });
  });

  test("a charter without a base is not another beginning, and one on an unknown base waits", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const other = propose(scene, ann, { ...scene.charter, purpose: "Another unit." });
    const orphan = propose(scene, ann, scene.amendment(actors, { base: "00".repeat(32) }));
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, other.index)).toEqual({ state: "void", reason: "no-base" });
    expect(fold.status(ann.origin, orphan.index)).toEqual({ state: "waiting", for: "base-charter" });
  });
});

describe("leaving", () => {
  test("what a party writes after it has left is void, and the others can go on without it", () => {
    const { scene, founding, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const before = scene.say(cem, QUESTION);
    const left = leave(scene, cem, founding);
    const after = scene.say(cem, QUESTION);
    const amended = scene.amendment([ann, bob]);
    const opened = propose(scene, ann, amended, left);
    scene.accept(ann, opened, amended);
    scene.accept(bob, opened, amended);
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(cem.origin, before.index)).toMatchObject({ state: "effective" });
    expect(fold.status(cem.origin, left.index)).toMatchObject({ state: "effective" });
    expect(fold.status(cem.origin, after.index)).toEqual({ state: "void", reason: "party-left" });
    expect(fold.charter().current?.digest).toBe(charterDigest(amended));
    expect(fold.members()[2]?.memberships).toEqual([{ from: 0, to: left.index + 1 }]);
    expect(fold.members().map(({ name, present }) => [name, present])).toEqual([
      ["ann", true],
      ["bob", true],
      ["cem", false],
    ]);
  });

  test("a party that left can be taken in again, from its acceptance on", () => {
    const { scene, founding, actors } = unitOf("ann", "bob", "cem");
    const [ann, bob, cem] = actors as [Actor, Actor, Actor];
    const left = leave(scene, cem, founding);
    const without = scene.amendment([ann, bob]);
    const opened = propose(scene, ann, without, left);
    scene.accept(ann, opened, without);
    scene.accept(bob, opened, without);
    scene.settle();
    const again = scene.amendment(actors, { base: charterDigest(without) });
    const reopened = propose(scene, ann, again);
    const between = scene.say(cem, QUESTION);
    const back = scene.accept(cem, reopened, again);
    const later = scene.say(cem, QUESTION);
    scene.settle();
    scene.accept(ann, reopened, again, back);
    scene.accept(bob, reopened, again, back);
    scene.settle();
    const fold = scene.fold();
    expect(fold.charter().current?.digest).toBe(charterDigest(again));
    expect(fold.status(cem.origin, between.index)).toEqual({ state: "void", reason: "party-left" });
    expect(fold.status(cem.origin, later.index)).toMatchObject({ state: "effective" });
  });

  test("a withdrawal from a charter that does not carry the unit's id is void, so that nobody leaves by accident", () => {
    const { scene, founding, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const slip = scene.say(ann, { type: "position", kind: "withdraw", of: [founding.hash], content: {} });
    scene.settle();
    expect(scene.fold().status(ann.origin, slip.index)).toEqual({ state: "void", reason: "not-a-leave" });
    expect(
      scene
        .fold()
        .members()
        .every(({ present }) => present),
    ).toBe(true);
  });

  test("a party that left cannot bring a charter of its old unit into force", () => {
    const { scene, founding, actors } = unitOf("ann", "bob");
    const [ann, bob] = actors as [Actor, Actor];
    leave(scene, bob, founding);
    const amended = scene.amendment(actors);
    const opened = propose(scene, ann, amended);
    scene.accept(ann, opened, amended);
    scene.accept(bob, opened, amended);
    scene.settle();
    expect(scene.fold().charter().chain).toHaveLength(1);
  });
});

describe("keys", () => {
  test("a key is replaced by the one that the party had committed itself to, and by no other", () => {
    const { scene, actors } = unitOf("ann", "bob");
    const [ann] = actors as [Actor, Actor];
    const rotate = (generation: number) =>
      scene.say(ann, {
        type: "open",
        kind: "keys",
        content: { role: "log", key: ann.key("log", generation), next: scene.keyDigest(ann, "log", generation + 1) },
      });
    const stolen = rotate(2);
    const first = rotate(1);
    const second = rotate(2);
    scene.settle();
    const fold = scene.fold();
    expect(fold.status(ann.origin, stolen.index)).toEqual({ state: "void", reason: "wrong-preimage" });
    expect(fold.keys(ann.origin)?.log.map(({ key, from }) => [key, from])).toEqual([
      [ann.key("log", 0), 0],
      [ann.key("log", 1), first.index],
      [ann.key("log", 2), second.index],
    ]);
    expect(fold.keys(ann.origin)?.witness).toHaveLength(1);
  });
});
