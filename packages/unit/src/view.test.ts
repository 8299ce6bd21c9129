import { canonicalJson, concatBytes, type Json, sha256, toHex, utf8 } from "@detente/basics";
import { KEY_ROLES } from "@detente/record";
import { expect, test } from "vitest";
import { type Actor, deliver, Scene } from "../test/scene.ts";

const QUESTION = { type: "open", kind: "question", content: { title: "Who?", text: "" } } as const;
const NOTHING = { accounts: [], exhibits: 0, positions: [], watch: null, weighing: null };

/** docs/formats.md, The fold, Digests: of a view of at most 32 rows, whose trie is one leaf. */
function digestOf(view: string, rows: Readonly<Record<string, Json>>): string {
  const leaf = sha256(concatBytes(Uint8Array.of(0), utf8(canonicalJson(rows))));
  return toHex(sha256(concatBytes(utf8(`detente-fold/5\n${view}\n`), leaf)));
}

function partyOf(scene: Scene, actor: Actor): Json {
  const keys = KEY_ROLES.map((role) => [role, [[actor.key(role), scene.keyDigest(actor, role, 1), 0]]]);
  return { keys: Object.fromEntries(keys) as Json, member: [[0, null]] };
}

function logOf({ tree }: Actor, size: number, effective: number, none: number): Json {
  return { effective, root: toHex(tree.root(size)), size, void: none };
}

test("views have the digests that docs/formats.md says", () => {
  const scene = new Scene("ann", "bob");
  const opened = scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const audience = ["ann", "bob"];
  const question = scene.say(ann, QUESTION);
  scene.say(ann, { type: "position", kind: "deny", content: {} });
  const secret = scene.say(ann, { ...QUESTION, audience });
  const of = [question.hash];
  scene.say(bob, { type: "position", kind: "accept", of, content: {} });
  const denied = scene.say(bob, { type: "position", kind: "deny", of, content: {} });
  const clause = scene.say(bob, { type: "position", kind: "abstain", of, content: { clause: "2" } });
  const weighed = scene.say(bob, { type: "weigh", kind: "probability", of, content: { permille: 700 } });
  const told = scene.say(bob, { type: "account", kind: "report", of, content: { party: "ann", said: "deny" } });
  const coverage = { from: 10, to: 15, source: "dns" };
  scene.say(bob, { type: "observe", kind: "check", of, content: { check: "x", outcome: "fail", coverage } });
  const reply = scene.say(bob, { type: "position", kind: "deny", of: [secret.hash], audience, content: {} });
  scene.settle();
  const checks = { fail: 1, "no-access": 0, "not-run": 0, pass: 0 };
  const accepted = (actor: Actor, index: number): Record<string, Json> => ({
    [`said/${opened.hash}/${actor.origin}`]: { ...NOTHING, positions: [["", "accept", index]] },
  });
  const fold = scene.fold();
  expect(fold.viewDigest().digest).toBe(
    digestOf("unit", {
      charters: { chain: [scene.unit], complete: [scene.unit] },
      [`party/${ann.origin}`]: partyOf(scene, ann),
      [`party/${bob.origin}`]: partyOf(scene, bob),
      // Of Ann the charter, its acceptance and the question count, and a denial of nothing does not.
      [`log/${ann.origin}`]: logOf(ann, secret.index + 1, 3, 1),
      [`log/${bob.origin}`]: logOf(bob, reply.index + 1, 7, 0),
      [`thing/${opened.hash}`]: { author: [ann.origin, 0], kind: "charter", name: "open/charter" },
      [`thing/${question.hash}`]: { author: [ann.origin, question.index], kind: "question", name: "open/question" },
      ...accepted(ann, 1),
      ...accepted(bob, 0),
      [`said/${question.hash}/${bob.origin}`]: {
        accounts: [["ann", "report", told.index]],
        exhibits: 0,
        positions: [
          ["", "deny", denied.index],
          ["2", "abstain", clause.index],
        ],
        watch: { checks, falsePositives: 0, observed: 5, sightings: null, statements: 1, withoutAccess: 0 },
        weighing: weighed.index,
      },
    }),
  );
  const view = canonicalJson(audience);
  expect(fold.viewDigest(view).digest).toBe(
    digestOf(view, {
      [`statement/${secret.hash}/${ann.origin}`]: secret.index,
      [`statement/${reply.hash}/${bob.origin}`]: reply.index,
      [`thing/${secret.hash}`]: { author: [ann.origin, secret.index], kind: "question", name: "open/question" },
      [`said/${secret.hash}/${bob.origin}`]: { ...NOTHING, positions: [["", "deny", reply.index]] },
    }),
  );
  expect(fold.viewDigest('["bob"]').digest).toBe(digestOf('["bob"]', {}));
});

test("views have these digests, whether others were taken while their statements came or not", () => {
  const scene = new Scene("ann", "bob");
  const founding = scene.found();
  const [ann, bob] = scene.actors as [Actor, Actor];
  const next = scene.keyDigest(ann, "log", 2);
  scene.say(ann, { type: "open", kind: "keys", content: { role: "log", key: ann.key("log", 1), next } });
  scene.settle();
  scene.say(ann, { type: "position", kind: "deny", content: {} });
  scene.settle();
  scene.say(bob, { type: "position", kind: "withdraw", of: [founding.hash], content: { digest: scene.unit } });
  scene.settle();
  const watched = scene.emptyFold();
  const digests = scene.deliveries().map((delivery) => {
    deliver(watched, delivery);
    return watched.viewDigest().digest;
  });
  expect(new Set(digests).size).toBeGreaterThan(3);
  expect(watched.viewDigest()).toEqual(scene.fold().viewDigest());
});
