import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance } from "./edit-distance.ts";
import { isProtected, lookAlike } from "./look-alike.ts";
import { skeleton } from "./skeleton.ts";

const guarded = [
  "google.com",
  "paypal.com",
  "apple.com",
  "microsoft.com",
  "northern-party.example",
  "hq.office.gov.uk",
];

function how(domain: string): string | undefined {
  const found = lookAlike(domain, guarded);
  return found && `${found.reason} ${found.protected} ${found.severity}`;
}

describe("names that imitate", () => {
  it.each([
    // The host behind the short link that opened the campaign mailboxes of 2016 (US v. Netyksho et al.; Dell SecureWorks).
    ["myaccount.google.com-securitysettingpage.tk", "embedded google.com high"],
    // Others of that campaign and its kin, as reported: a service's name as a word, or under another ending.
    ["accounts-google.com.evil.example", "embedded google.com high"],
    ["accounts-google.com", "label google.com medium"],
    ["google.com.evil.example", "embedded google.com high"],
    ["accounts.googlemail.com", "part google.com low"],
    ["login.google.evil.example", "label google.com medium"],
    ["google.co", "other-suffix google.com medium"],
    // The homograph of April 2017: Cyrillic letters all through.
    ["xn--80ak6aa92e.com", "confusable apple.com high"],
    ["аррӏе.com", "confusable apple.com high"],
    ["paypa1.com", "confusable paypal.com high"],
    ["paypai.com", "confusable paypal.com high"],
    ["PAYPAI.COM", "confusable paypal.com high"],
    ["rnicrosoft.com", "confusable microsoft.com high"],
    ["micrоsoft.com", "confusable microsoft.com high"],
    ["googlé.com", "confusable google.com high"],
    // UTS 39 has a stroked l as l and a mark.
    ["paypał.com", "confusable paypal.com high"],
    ["googłe.com", "confusable google.com high"],
    ["google-x.xn--p1ai", "label google.com medium"],
    ["g00gle.com", "confusable google.com high"],
    ["gogle.com", "typo google.com high"],
    ["googel.com", "typo google.com high"],
    ["northernparty.example", "hyphen northern-party.example high"],
    ["north-ern-party.example", "hyphen northern-party.example high"],
    ["northen-parte.example", "typo northern-party.example high"],
    ["donate-northern-party.example", "label northern-party.example medium"],
    ["office-gov.uk", "embedded hq.office.gov.uk high"],
    ["ofice.gov.uk", "typo hq.office.gov.uk high"],
  ])("%s", (domain, expected) => {
    // A name that ends as the protected one does, with a hyphen for its dot, is told as an embedded one or by its label.
    expect(how(domain)).toBe(expected);
  });

  it.each([
    "google.com",
    "mail.google.com",
    "GOOGLE.COM.",
    "office.gov.uk",
    "www.office.gov.uk",
    "example.org",
    "goggles.org",
    "maple.com",
    "com",
    "localhost",
    "192.0.2.1",
    "",
    "not a name",
  ])("%s imitates none", (domain) => {
    expect(how(domain)).toBeUndefined();
  });

  it("belong to the owner of a protected one, or do not", () => {
    expect(isProtected("www.office.gov.uk", guarded)).toBe(true);
    expect(isProtected("gov.uk", guarded)).toBe(false);
    expect(isProtected("google.com.evil.example", guarded)).toBe(false);
  });

  it("never throw, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 80 }),
        fc.array(fc.string(), { maxLength: 3 }),
        (text, list) => {
          lookAlike(text, list);
          lookAlike(`${text}.com`, guarded);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("edit distance", () => {
  it.each([
    ["", "", 0],
    ["abc", "abc", 0],
    ["abc", "acb", 1],
    ["ca", "abc", 3],
    ["kitten", "sitting", 3],
    ["abcdef", "abcdef-", 1],
  ])("of %j and %j (Damerau 1964, optimal string alignment)", (a, b, distance) => {
    expect(editDistance(a, b, 5)).toBe(distance);
    expect(editDistance(b, a, 5)).toBe(distance);
  });

  it("stops at its limit, and is what the recursion says", () => {
    const slow = (a: string, b: string): number => {
      if (a === "" || b === "") return a.length + b.length;
      const [x, y] = [a.slice(1), b.slice(1)];
      const options = [slow(x, b) + 1, slow(a, y) + 1, slow(x, y) + (a[0] === b[0] ? 0 : 1)];
      if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
        options.push(slow(a.slice(2), b.slice(2)) + 1);
      return Math.min(...options);
    };
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 4 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(slow(a, b), limit + 1));
      }),
    );
  });
});

describe("skeletons", () => {
  it("are one for what looks alike (UTS 39)", () => {
    for (const [a, b] of [
      ["scope", "ѕсоре"],
      ["modern", "modem"],
      ["paypal", "ρaypal"],
      ["lloyd", "IIoyd".toLowerCase()],
      ["login", "𝗅𝗈𝗀𝗂𝗇"],
      ["example", "ex\u00adample"],
    ] as const) {
      expect(skeleton(a)).toBe(skeleton(b));
    }
    expect(skeleton("google")).not.toBe(skeleton("goggle"));
  });
});
