/** The properties of the STIX 2.1 relationship objects (§5), besides those that all have; see `form.ts`. */
export const RELATIONSHIP_OBJECTS = {
  relationship: {
    relationship_type: "name!",
    description: "string",
    source_ref: "ref!",
    target_ref: "ref!",
    start_time: "timestamp",
    stop_time: "timestamp",
  },
  sighting: {
    description: "string",
    first_seen: "timestamp",
    last_seen: "timestamp",
    count: "integer:0..999999999",
    sighting_of_ref: "ref!",
    observed_data_refs: "ref:observed-data[]",
    where_sighted_refs: "ref:identity|location[]",
    summary: "boolean",
  },
} as const;

/** Those of the meta objects (§7). Which of the common properties each has stands in `common.ts`. */
export const META_OBJECTS = {
  "extension-definition": {
    name: "string!",
    description: "string",
    schema: "string!",
    version: "string!",
    extension_types: "enum:extension-type[]!",
    extension_properties: "string[]",
  },
  "language-content": {
    object_ref: "ref!",
    object_modified: "timestamp",
    contents: "dictionary!",
  },
  "marking-definition": {
    name: "string",
    definition_type: "string",
    definition: "dictionary",
  },
} as const;
