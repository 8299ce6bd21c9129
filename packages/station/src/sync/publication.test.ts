import { parseNote, type NoteSignature } from "@detente/tlog";
import { unwrap, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { Cosignatures } from "./cosignatures.ts";
import { Publication } from "./publication.ts";

const signature = (name: string): NoteSignature => ({ name, keyId: 1, signature: new Uint8Array(72) });
const root = new Uint8Array(32);
const head = (size: number) => ({
  size,
  root,
  note: utf8(`log\n${size}\n${"A".repeat(43)}=\n\n\u2014 log AAAAAAA=\n`),
});

function shown(publication: Publication, newest: number): { size: number; by: string[] } {
  const { text, signatures } = unwrap(parseNote(publication.checkpoint(head(newest))));
  return { size: Number(text.split("\n")[1]), by: signatures.map(({ name }) => name) };
}

describe("without witnesses outside the unit", () => {
  it("shows the newest head until a quorum has cosigned one, then the largest of those", () => {
    const cosignatures = new Cosignatures(() => 2);
    const publication = new Publication(cosignatures, false);
    expect(shown(publication, 1)).toEqual({ size: 1, by: ["log"] });
    expect(shown(publication, 2)).toEqual({ size: 2, by: ["log"] });
    for (const party of ["a", "b"]) cosignatures.add(party, head(3), [signature(party)]);
    expect(shown(publication, 5)).toEqual({ size: 3, by: ["log", "a", "b"] });
  });

  it("never goes back to a smaller head that is cosigned late", () => {
    const cosignatures = new Cosignatures(() => 1);
    const publication = new Publication(cosignatures, false);
    expect(shown(publication, 9).size).toBe(9);
    cosignatures.add("a", head(7), [signature("a")]);
    expect(shown(publication, 12)).toEqual({ size: 9, by: ["log"] });
    cosignatures.add("a", head(9), [signature("a")]);
    expect(shown(publication, 12)).toEqual({ size: 9, by: ["log", "a"] });
    cosignatures.add("a", head(11), [signature("a")]);
    expect(shown(publication, 12)).toEqual({ size: 11, by: ["log", "a"] });
  });
});

describe("with witnesses outside the unit", () => {
  it("shows a head when its round is over, with what the round brought", () => {
    const cosignatures = new Cosignatures(() => 1);
    const publication = new Publication(cosignatures, true);
    cosignatures.add("a", head(3), [signature("a")]);
    const first = publication.next(head(3));
    publication.conclude(first, [signature("outside")]);
    cosignatures.add("a", head(5), [signature("a")]);
    expect(shown(publication, 5)).toEqual({ size: 3, by: ["log", "a", "outside"] });
    const second = publication.next(head(5));
    expect(shown(publication, 5).size).toBe(3);
    publication.conclude(second, []);
    expect(shown(publication, 6)).toEqual({ size: 5, by: ["log", "a"] });
  });

  it("does not go back when the first round ends after a head was shown", () => {
    const cosignatures = new Cosignatures(() => 1);
    const publication = new Publication(cosignatures, true);
    expect(shown(publication, 4).size).toBe(4);
    cosignatures.add("a", head(2), [signature("a")]);
    expect(publication.next(head(6)).size).toBe(4);
    cosignatures.add("a", head(6), [signature("a")]);
    expect(shown(publication, 6).size).toBe(4);
    expect(publication.next(head(6)).size).toBe(6);
  });
});
