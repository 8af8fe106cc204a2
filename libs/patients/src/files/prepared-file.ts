import { createHash } from 'node:crypto';

import { fileTypeFromBuffer } from 'file-type';
import sharp, { type Sharp } from 'sharp';

import { FileTypeRefused, FileUnreadable } from './files.errors.js';

// More than any telephone's camera (48 million), less than what fills the memory.
const MOST_PIXELS = 50_000_000;
const THUMB_PIXELS = 480;
const QUALITY = 95;

/** Bytes as they are kept. */
export interface PreparedFile {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** Of the bytes as they are kept, hexadecimal. */
  readonly sha256: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumb: Buffer | null;
}

const PICTURES: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'image/jpeg': (picture) => picture.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' }),
  'image/png': (picture) => picture.png(),
  'image/webp': (picture) => picture.webp({ quality: QUALITY }),
};

/**
 * A picture as it is kept: upright, its colours, and nothing else of what the camera wrote, so neither place nor device.
 * Its type is read from its bytes. @throws FileTypeRefused, FileUnreadable
 */
export async function preparePicture(sent: Buffer): Promise<PreparedFile> {
  const mediaType = await typeOf(sent);
  const encode = PICTURES[mediaType];
  if (!encode) throw new FileTypeRefused({ found: mediaType, takes: Object.keys(PICTURES) });
  try {
    const upright = sharp(sent, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
      .autoOrient()
      .keepIccProfile();
    const { data, info } = await encode(upright).toBuffer({ resolveWithObject: true });
    const small = sharp(data).resize({
      width: THUMB_PIXELS,
      height: THUMB_PIXELS,
      fit: 'inside',
      withoutEnlargement: true,
    });
    const thumb = await small.webp({ quality: 80 }).toBuffer();
    return { mediaType, bytes: data, sha256: hashOf(data), width: info.width, height: info.height, thumb };
  } catch {
    throw new FileUnreadable({ found: mediaType });
  }
}

/** A document as it is kept: a PDF as it came, a scan like any picture. @throws FileTypeRefused, FileUnreadable */
export async function prepareDocument(sent: Buffer): Promise<PreparedFile> {
  const mediaType = await typeOf(sent);
  if (mediaType in PICTURES) return preparePicture(sent);
  if (mediaType !== 'application/pdf')
    throw new FileTypeRefused({ found: mediaType, takes: ['application/pdf', ...Object.keys(PICTURES)] });
  // A PDF that was cut off on the way has lost its end.
  if (!sent.subarray(-2048).includes('%%EOF')) throw new FileUnreadable({ found: mediaType });
  return { mediaType, bytes: sent, sha256: hashOf(sent), width: null, height: null, thumb: null };
}

export const THUMB_TYPE = 'image/webp';

const typeOf = async (bytes: Buffer): Promise<string> => (await fileTypeFromBuffer(bytes))?.mime ?? 'unknown';
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
