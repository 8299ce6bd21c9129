/** What is judged by a record in a file, without a station. */
export { judgeEvidence } from "../meeting/judge.ts";
export { verifyRecordFile } from "./verify-file.ts";
