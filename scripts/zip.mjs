import { deflateRawSync, crc32 } from 'node:zlib';

/**
 * A zip archive of files `{ name, bytes, executable }`, byte for byte the same for the same files: no
 * times (the format's first day stands there), no owners, the order as given.
 */
export function zip(files) {
  const locals = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes, executable } of files) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(bytes, { level: 6 });
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0); // version needed
    fields.writeUInt16LE(8, 4); // deflate
    fields.writeUInt16LE(FIRST_DAY, 8);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, path, packed]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE((REGULAR_FILE | (executable ? 0o755 : 0o644)) * 0x1_0000, 6);
    more.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), MADE_BY_UNIX, fields, more, path]));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, entries, Buffer.from('PK\x05\x06'), end]);
}

/** 1 January 1980. */
const FIRST_DAY = 0b0000000_0001_00001;
const REGULAR_FILE = 0o100000;
const MADE_BY_UNIX = Buffer.from([20, 3]);
