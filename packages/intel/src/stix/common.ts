/**
 * The properties that objects have in common (STIX 2.1 §3.2), in the notation of `form.ts`: domain and relationship
 * objects have one set, observables another, and each meta object its own.
 */
const EVERY = {
  type: "name!",
  id: "id!",
  object_marking_refs: "ref:marking-definition[]",
  granular_markings: "granular-marking[]",
  extensions: "dictionary",
} as const;

const CREATED = {
  spec_version: "string!",
  created_by_ref: "ref:identity",
  created: "timestamp!",
  external_references: "external-reference[]",
} as const;

const REVISED = {
  modified: "timestamp!",
  revoked: "boolean",
  labels: "string[]",
} as const;

const SAID = { confidence: "integer:0..100", lang: "string" } as const;

export const COMMON: {
  readonly core: typeof EVERY & typeof CREATED & typeof REVISED & typeof SAID;
  readonly observable: typeof EVERY & { readonly spec_version: "string"; readonly defanged: "boolean" };
  readonly "extension-definition": typeof EVERY &
    typeof CREATED &
    typeof REVISED & { readonly created_by_ref: "ref:identity!" };
  readonly "language-content": typeof EVERY &
    typeof CREATED &
    typeof REVISED & { readonly confidence: "integer:0..100" };
  readonly "marking-definition": typeof EVERY & typeof CREATED;
} = {
  core: { ...EVERY, ...CREATED, ...REVISED, ...SAID },
  observable: { ...EVERY, spec_version: "string", defanged: "boolean" },
  "extension-definition": { ...EVERY, ...CREATED, ...REVISED, created_by_ref: "ref:identity!" } as never,
  "language-content": { ...EVERY, ...CREATED, ...REVISED, confidence: SAID.confidence },
  "marking-definition": { ...EVERY, ...CREATED },
};
