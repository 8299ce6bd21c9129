import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";

/** What the page is given; bytes are hexadecimal. */
export interface Cases {
  readonly hash: { message: string };
  readonly mac: { key: string; message: string };
  readonly signature: { seed: string; publicKey: string; message: string; signature: string };
  readonly inclusion: { index: number; size: number; entry: string; proof: string[]; root: string };
  readonly note: { vkey: string; text: string };
}

export const CASES: Cases = {
  // FIPS 180-4's first example.
  hash: { message: "abc" },
  // RFC 4231, test case 2.
  mac: { key: Buffer.from("Jefe").toString("hex"), message: "what do ya want for nothing?" },
  // RFC 8032 §7.1, TEST 3.
  signature: {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
  inclusion: threeLeaves(),
  note: signedNote(),
};

export const EXPECTED_ANSWERS = {
  hash: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  mac: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  signed: CASES.signature.signature,
  signatureHolds: true,
  otherSignatureHolds: false,
  included: true,
  otherIncluded: false,
  noteHolds: true,
  otherNoteHolds: false,
};

function sha256(...parts: (string | Buffer)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The tree of three leaves by the definition in RFC 6962 §2.1, with Node's own hash: the middle leaf's path is l0, l2. */
function threeLeaves(): Cases["inclusion"] {
  const [l0, l1, l2] = ["zero", "one", "two"].map((entry) => sha256("\0", entry)) as [Buffer, Buffer, Buffer];
  const root = sha256("\x01", sha256("\x01", l0, l1), l2);
  return {
    index: 1,
    size: 3,
    entry: "one",
    proof: [l0.toString("hex"), l2.toString("hex")],
    root: root.toString("hex"),
  };
}

/** A note as c2sp.org/signed-note defines it, signed with Node's own Ed25519. */
function signedNote(): Cases["note"] {
  const name = "browser.example/log";
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);
  const typed = Buffer.concat([Buffer.of(1), publicKey]);
  const keyId = sha256(`${name}\n`, typed).subarray(0, 4);
  const text = `${name}\n3\n${sha256("root").toString("base64")}\n`;
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]).toString("base64");
  return {
    vkey: `${name}+${keyId.toString("hex")}+${typed.toString("base64")}`,
    text: `${text}\n\u2014 ${name} ${signature}\n`,
  };
}
