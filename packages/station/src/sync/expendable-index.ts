import type { IndexWriter } from "@detente/store";

/**
 * An index that may be lost: the first time that it cannot be written it is given up, and `onLost` told. It holds
 * nothing of its own, so the record goes on being read and folded without it, and the next start makes it anew.
 */
export function expendableIndex(writer: IndexWriter, onLost: (error: unknown) => void): IndexWriter {
  let lost = false;
  const attempt = async (write: () => Promise<void>): Promise<void> => {
    if (lost) return;
    try {
      await write();
    } catch (error) {
      lost = true;
      onLost(error);
    }
  };
  return {
    add: (batch) => attempt(() => writer.add(batch)),
    removeItems: (share) => attempt(() => writer.removeItems(share)),
    setStanding: (claim, isStanding) => attempt(() => writer.setStanding(claim, isStanding)),
    setWithdrawn: (share, isWithdrawn) => attempt(() => writer.setWithdrawn(share, isWithdrawn)),
  };
}
