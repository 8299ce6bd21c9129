import { describe, expect, it } from "vitest";
import { deterministicId, typeOfId } from "./identifier.ts";

describe("the id of an observable by its content", () => {
  // The first two stand in STIX 2.1 §2.9 and §6 as amended by Errata 01; the others were computed with Python's uuid
  // module over the canonical JSON written out by hand.
  it.each([
    ["ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", { value: "198.51.100.3" }],
    ["domain-name--bedb4899-d24b-5401-bc86-8f6b4cc18ec7", { value: "example.com" }],
    ["email-addr--7165e2a9-671f-585d-b1e1-ca59c671d934", { value: "john@example.com", display_name: "John" }],
    ["autonomous-system--3aa27478-50b5-5ab8-9da9-cdc12b657fff", { number: 15139 }],
    ["directory--0a58d0c1-59e6-5afd-8252-dcd3f13e5622", { path: "C:\\Windows\\System32" }],
    [
      "software--710b0b41-d4d0-5d6c-a400-fc9254554ffc",
      { name: "Word", cpe: "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*", version: "2002", vendor: "Microsoft" },
    ],
    [
      "user-account--f94d689e-707d-58c3-b803-c720bb6ed096",
      { user_id: "1001", account_login: "jdoe", account_type: "unix" },
    ],
    [
      "network-traffic--6881146a-7732-5c81-a7de-6e623982653d",
      {
        src_ref: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
        dst_port: 443,
        protocols: ["ipv4", "tcp"],
        extensions: { "tcp-ext": { src_flags_hex: "02" } },
        is_active: false,
      },
    ],
    ["email-message--5f659cb5-a5a7-5c03-be8b-670425d37214", { subject: "“x”\n", is_multipart: false }],
    [
      "file--4e3aef1b-5d8d-53af-b821-c5fa66867418",
      { name: "ü.txt", hashes: { "SHA-1": "x", MD5: "d41d8cd98f00b204e9800998ecf8427e" }, size: 1 },
    ],
    ["file--2284f6c7-6720-5e74-ba71-f55ff588feee", { hashes: { TLSH: "x", "SHA-512": "0".repeat(128) } }],
  ])("is %s", (id, properties) => {
    expect(deterministicId({ type: typeOfId(id), ...properties })).toBe(id);
  });

  // From the tests of the OASIS committee's Python library (cti-python-stix2).
  it("covers nested content", () => {
    const sections = [
      {
        name: ".data",
        size: 4096,
        entropy: 7.980693,
        hashes: { "SHA-256": "6e3b6f3978e5cd96ba7abee35c24e867b7e64072e2ecb22d0ee7a6e6af6894d0" },
      },
    ];
    expect(
      deterministicId({
        type: "file",
        name: "example.exe",
        size: 68000,
        hashes: { "SHA-256": "841a8921140aba50671ebb0770fecc4ee308c4952cfeff8de154ab14eeef4649" },
        extensions: { "windows-pebinary-ext": { pe_type: "exe", machine_hex: "014c", sections } },
      }),
    ).toBe("file--ced31cd4-bdcb-537d-aefa-92d291bfc11d");
    const values = [
      { name: "Foo", data: "qwerty" },
      { name: "Bar", data: "42" },
    ];
    expect(deterministicId({ type: "windows-registry-key", values })).toBe(
      "windows-registry-key--36594eba-bcc7-5014-9835-0e154264e588",
    );
  });

  it("is none without contributing properties", () => {
    expect(deterministicId({ type: "process", pid: 5 })).toBeUndefined();
    expect(deterministicId({ type: "email-message", is_multipart: false })).toBeUndefined();
    expect(deterministicId({ type: "x-thing", value: "a" })).toBeUndefined();
    expect(deterministicId({ type: "constructor", value: "a" })).toBeUndefined();
  });
});

describe("ids", () => {
  it("are a type and a UUID", () => {
    expect(typeOfId("indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")).toBe("indicator");
    expect(typeOfId("x-my--thing--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f")).toBe("x-my--thing");
    for (const bad of [
      "indicator-8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
      "Indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
      "indicator--8e2e2d2b-17d4-4cbf-138f-98ee46b3cd3f",
      "indicator--8e2e2d2b17d44cbf938f98ee46b3cd3f",
      "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f\n",
      "--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
      "",
    ]) {
      expect(typeOfId(bad)).toBeUndefined();
    }
  });
});
