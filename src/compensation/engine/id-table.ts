/*
 * A set of ids by their place in a list: open addressing over one typed array. A Set of a million texts costs several times as much in time and memory, and nothing
 * is needed here but "was it there before".
 */

/** Finds ids that occurred before. */
export interface IdTable {
  /** Adds the id at a place; false if an equal id was added before. */
  readonly add: (id: string, place: number) => boolean;
}

/**
 * Makes a table for at most so many ids.
 *
 * @param capacity - the most ids that will be added
 * @param idAt - the id that was added at a place
 */
export function createIdTable(capacity: number, idAt: (place: number) => string): IdTable {
  let size = 16;
  while (size < capacity * 2) size *= 2;
  const mask = size - 1;
  // Place + 1; 0 is free.
  const slots = new Int32Array(size);
  const hashes = new Int32Array(size);
  return {
    add: (id, place) => {
      const hash = hashOf(id);
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const taken = slots[slot] ?? 0;
        if (taken === 0) {
          slots[slot] = place + 1;
          hashes[slot] = hash;
          return true;
        }
        if (hashes[slot] === hash && idAt(taken - 1) === id) return false;
      }
    },
  };
}

/** FNV-1a over the characters, mixed once more so that ids that differ in their last digit do not lie side by side. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
