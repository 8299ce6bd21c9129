import { toHex, utf8 } from "@detente/basics";
import { describe, expect, it } from "vitest";
import { kernel } from "../testing/groups.ts";
import { noise } from "../testing/parties.ts";
import { prepare, randomBytesToAsk } from "./asker.ts";
import { ID_BYTES } from "./request.ts";

const inputs = [utf8("domain:a.example"), utf8("domain:b.example")];

describe("the randomness of a request", () => {
  it("goes into its id or its blinds, never both: the id is sent, and would show a blind", () => {
    const random = noise(randomBytesToAsk(inputs.length), "request");
    const { id, blinds, blinded } = prepare(kernel, inputs, random);
    const secret = random.length - ID_BYTES;
    for (let place = 0; place < secret; place += ID_BYTES) {
      const other = Uint8Array.from(random);
      other[place] = (other[place] as number) ^ 1;
      expect([place, toHex(prepare(kernel, inputs, other).id)]).toEqual([place, toHex(id)]);
    }
    const other = Uint8Array.from(random).fill(7, secret);
    const renamed = prepare(kernel, inputs, other);
    expect(toHex(renamed.id)).toBe("07".repeat(ID_BYTES));
    expect([renamed.blinds, renamed.blinded].map(toHex)).toEqual([blinds, blinded].map(toHex));
  });

  it("is all that is asked for, or nothing is made", () => {
    const random = noise(randomBytesToAsk(inputs.length), "short");
    expect(() => prepare(kernel, inputs, random.subarray(1))).toThrow("as much randomness as is asked for");
  });
});
