import { describe, expect, it } from "vitest";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { createScreener } from "../screener.ts";
import { parseAddresses } from "./addresses.ts";
import { parseAuthenticationResults, parseReceivedSpf } from "./authentication.ts";
import type { MailFinding } from "./findings.ts";
import { anchorsOf } from "./html.ts";

const guarded = ["google.com", "googlemail.com", "northern-party.example"];
const index = buildIndicatorIndex<number>([]);

/** `severity reason line field subject against how`. */
async function findings(lines: readonly string[], list: readonly string[] = guarded): Promise<readonly string[]> {
  const found: MailFinding[] = [];
  const source = (async function* () {
    yield new TextEncoder().encode(lines.join("\n"));
  })();
  const mail = { protectedDomains: list, onFinding: (finding: MailFinding) => void found.push(finding) };
  for await (const _ of createScreener(index).screen(source, { name: "x", mail })) expect.unreachable();
  return found.map(({ severity, reason, line, field, subject, against, how }) =>
    [severity, reason, `${line}`, field, subject, against ?? "-", how ?? "-"].join(" "),
  );
}

describe("the mail that opened the mailboxes of a campaign in 2016", () => {
  // Sender and subject as published (WikiLeaks, Podesta e-mail 34899); the short link led to the host below.
  const mail = (href: string): string[] => [
    "From: Google <no-reply@accounts.googlemail.com>",
    "To: john.podesta@gmail.com",
    "Subject: *Someone has your password*",
    "Content-Type: text/html",
    "",
    `<p>Hi John</p><a href="${href}">CHANGE PASSWORD</a> <a href="${href}">https://accounts.google.com</a>`,
  ];

  it("shows a place and leads to another", async () => {
    expect(await findings(mail("https://bit.ly/1PibSU0"))).toEqual([
      "high link-text 6 part.1 https://bit.ly/1PibSU0 accounts.google.com -",
    ]);
  });

  it("led to a name that imitates", async () => {
    const url = "http://myaccount.google.com-securitysettingpage.tk/security/signinoptions/password";
    expect(await findings(mail(url))).toEqual([
      `high look-alike 6 part.1 ${url} google.com embedded`,
      `high link-text 6 part.1 ${url} accounts.google.com -`,
    ]);
  });

  it("came from a name that imitates, to those who guard one of the two names only", async () => {
    expect(await findings(mail("https://google.com/"), ["google.com"])).toEqual([
      "low look-alike 1 from no-reply@accounts.googlemail.com google.com part",
    ]);
  });
});

describe("senders", () => {
  it("that show another's address, or imitate one", async () => {
    expect(
      await findings([
        'From: "security@northern-party.example" <x@evil.test>',
        "Subject: x",
        "Reply-To: =?utf-8?q?ann=40bank=2Etest?= <ann@northern-partv.example>, ann@bank.test (ann@bank.test)",
        "Sender: ann@google.com",
      ]),
    ).toEqual([
      "high name-is-address 1 from x@evil.test security@northern-party.example -",
      "high look-alike 3 reply-to ann@northern-partv.example northern-party.example typo",
      "medium name-is-address 3 reply-to ann@northern-partv.example ann@bank.test -",
    ]);
  });

  it("are read from every way to write them (RFC 5322 §3.4)", () => {
    const read = (field: string): string[] => parseAddresses(field).map(({ name, address }) => `${name}|${address}`);
    expect(read('"Doe, \\"J\\"" <j@a.test>, b@b.test (Bob), Team: c@c.test, <d@d.test>;')).toEqual([
      'Doe, "J"|j@a.test',
      "Bob|b@b.test",
      "|c@c.test",
      "|d@d.test",
    ]);
    expect(read("undisclosed-recipients:;")).toEqual([]);
    expect(read("=?utf-8?b?PGFAYi50ZXN0Pg==?= <real@c.test>")).toEqual(["<a@b.test>|real@c.test"]);
    expect(read('"An, n" <a@b.test>, "no end, <c@c.test>')).toEqual(["An, n|a@b.test", "|c@c.test"]);
    // The last letters' second bytes are a no-break space where a byte is a character.
    const bytes = Buffer.from("Società <a@b.test>, ПЕТР <c@d.test>").toString("latin1");
    expect(read(bytes)).toEqual(["Società|a@b.test", "ПЕТР|c@d.test"]);
  });
});

describe("authentication", () => {
  const mail = (...headers: readonly string[]): string[] => [
    ...headers,
    "From: a@northern-party.example",
    "Subject: x",
  ];
  const field = "Authentication-Results: mx.test;";

  it("is read as the examples of RFC 8601 appendix B write it", () => {
    const read = (text: string): unknown => {
      const { by, results } = parseAuthenticationResults(text);
      return {
        by,
        results: results.map(({ method, result, properties }) => [method, result, Object.fromEntries(properties)]),
      };
    };
    expect(read("example.org 1; none")).toEqual({ by: "example.org", results: [] });
    expect(
      read(
        'example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net; dkim=fail (bad "signature; x=y") header.i=@Example.NET',
      ),
    ).toEqual({
      by: "example.com",
      results: [
        ["auth", "pass", { "smtp.auth": "sender@example.net" }],
        ["spf", "pass", { "smtp.mailfrom": "example.net" }],
        ["dkim", "fail", { "header.i": "@example.net" }],
      ],
    });
    expect(read("i=1; mx.test; dmarc=pass header.from=a.test")).toEqual({
      by: "mx.test",
      results: [["dmarc", "pass", { "header.from": "a.test" }]],
    });
    // RFC 7208 §9.1.
    const spf = parseReceivedSpf(
      'Pass (mybox.example.org: domain of\n x) receiver=y; envelope-from="myname@example.com"; helo=z',
    );
    expect([spf?.result, spf?.properties.get("smtp.mailfrom")]).toEqual(["pass", "myname@example.com"]);
    expect(parseReceivedSpf("whatever")).toBeUndefined();
  });

  it("that failed is told, by the topmost field", async () => {
    expect(await findings(mail(`${field} dmarc=fail (p=none) header.from=northern-party.example`))).toEqual([
      "high not-authentic 1 authentication-results a@northern-party.example dmarc=fail -",
    ]);
    expect(await findings(mail(`${field} spf=softfail`, `${field} dmarc=pass`), [])).toEqual([
      "medium not-authentic 1 authentication-results a@northern-party.example spf=softfail -",
    ]);
    expect(await findings(mail("Received-SPF: fail envelope-from=x@y.test"))).toEqual([
      "high not-authentic 1 received-spf a@northern-party.example spf=fail -",
    ]);
    expect(await findings(mail("ARC-Authentication-Results: i=1; x; dmarc=fail"))).toHaveLength(1);
  });

  it("of another domain than the sender's is told, of the sender's or none is not", async () => {
    const other = `${field} spf=pass smtp.mailfrom=b@bulk.test; dkim=pass header.d=bulk.test`;
    const expected = "not-aligned 2 from a@northern-party.example bulk.test -";
    expect(await findings(mail(other))).toEqual([`high ${expected}`]);
    expect(await findings(mail(other), [])).toEqual([`low ${expected}`]);
    for (const fine of [
      `${field} dmarc=pass`,
      `${field} dmarc=pass header.from=mail.northern-party.example`,
      `${field} spf=pass smtp.mailfrom=b@bulk.test; dkim=pass header.d=mail.northern-party.example`,
      `${field} spf=pass smtp.mailfrom=news@northern-party.example`,
      "Return-Path: <b@bulk.test>",
    ]) {
      expect(await findings(mail(fine))).toEqual([]);
    }
  });
});

describe("a message of several authors", () => {
  const field = "Authentication-Results: mx.test; spf=pass smtp.mailfrom=x@evil.test; dmarc=pass header.from=evil.test";
  const told = (line: number): string => `high not-aligned ${line} from a@northern-party.example evil.test -`;

  // Chen et al., "Composition Kills: A Case Study of Email Sender Authentication", USENIX Security 2020, §4.3.
  it("in two fields, of which another one was checked", async () => {
    expect(await findings([field, "From: a@northern-party.example", "From: x@evil.test"])).toEqual([told(2)]);
  });

  it("in one field", async () => {
    expect(await findings([field, "From: x@evil.test, a@northern-party.example", "Subject: x"])).toEqual([told(2)]);
  });
});

it("names of authors that are written in their own letters are held against such names (RFC 8616 §4)", async () => {
  const field = "Authentication-Results: mx.test; dmarc=none; spf=fail; dkim=pass header.d=BÜCHER.example";
  expect(await findings([field, "From: a@bücher.example", "Subject: x"])).toEqual([]);
});

describe("links of HTML", () => {
  it("are read however their tags are written", () => {
    expect(
      anchorsOf(
        '<A title="x>y" HREF=http://a.test/>A</A><a\nhref=\'http://b&#46;test\'><b>B</b> &amp; b<a href="http://c.test">C <abbr>x</abbr></a><a href=http://d.test ">D</a><a href="never',
      ).map(({ href, text }) => ({ href, text })),
    ).toEqual([
      { href: "http://a.test/", text: "A" },
      { href: "http://b.test", text: "B & b" },
      { href: "http://c.test", text: "C x" },
      { href: "http://d.test", text: "D" },
    ]);
  });

  it("have the first attribute of that name, and no other's value", () => {
    const one = `<a title=" href='http://a.test'" data-href="http://b.test" Href = "http://c.test" href="http://d.test">C</a>`;
    expect(anchorsOf(one).map(({ href }) => href)).toEqual(["http://c.test"]);
    expect(anchorsOf("<a href='&#x0000000068;ttps://&#000000000101;vil.test'>x</a>")[0]?.href).toBe(
      "https://evil.test",
    );
    // The second byte of à is white space where a byte is a character.
    const bytes = Buffer.from("<a href='http://a.test/città'>à  là</a>").toString("latin1");
    expect(
      anchorsOf(bytes).map(({ href, text }) => [href, text].map((part) => Buffer.from(part, "latin1").toString())),
    ).toEqual([["http://a.test/città", "à là"]]);
  });

  // The URL standard's parser, §4.4: special schemes take backslashes for slashes, any number of these, the last `@`, and no line ends.
  it.each([
    "https://evil.test\\@google.com/",
    "https://google.com@evil.test/",
    "https://x@google.com@evil.test/",
    "https:///evil.test/",
    "https:\\\\evil.test/google.com",
    "https:evil.test",
    "https://ev\til.test/",
  ])("lead where browsers go: %j", async (href) => {
    const lines = ["From: a@b.test", "Subject: x", "Content-Type: text/html", "", `<a href="${href}">google.com</a>`];
    expect(await findings(lines)).toEqual([`high link-text 5 part.1 ${href} google.com -`]);
  });

  it("that show names of things are no findings, those that show places are", async () => {
    const link = (href: string, text: string): Promise<readonly string[]> =>
      findings(["From: a@b.test", "Subject: x", "Content-Type: text/html", "", `<a href="${href}">${text}</a>`]);
    expect(await link("https://nodejs.org/", "Node.js")).toEqual([]);
    expect(await link("https://track.test/x", "click here")).toEqual([]);
    expect(await link("https://www.a.test/x", "http://a.test")).toEqual([]);
    expect(await link("mailto:x@y.test", "https://a.test")).toEqual([]);
    expect(await link("https://b.test/x", "www.a.test/login")).toEqual([
      "medium link-text 5 part.1 https://b.test/x www.a.test -",
    ]);
    expect(await link("https://b.test/x", "google.com")).toEqual([
      "high link-text 5 part.1 https://b.test/x google.com -",
    ]);
    expect(await link("https://google.com@b.test/x", "Google")).toEqual([]);
  });
});

it("links of texts have all letters of their names", async () => {
  const lines = ["From: a@b.test", "Subject: x", "Content-Type: text/plain; charset=utf-8", "", "https://gàogle.com/x"];
  expect(await findings(lines)).toEqual(["high look-alike 5 part.1 https://gàogle.com/x google.com typo"]);
});
