import { jpeg } from '../../../src/embedded-nextcloud/seed/jpeg.ts';
import type { Hand } from './hand.ts';
import { twoDigits } from './random.ts';

/**
 * A photo with an EXIF segment (TIFF in little endian, as cameras write it): model and date taken.
 * @param taken as EXIF has it: `2024:08:17 14:02:11`
 */
function photo(taken: string, model = 'Lumia 12'): Buffer {
  const name = Buffer.from(`${model}\0`.padEnd(12, '\0'), 'latin1');
  const date = Buffer.from(`${taken}\0`, 'latin1');
  const tiff = Buffer.alloc(8 + 2 + 24 + 4 + 2 + 12 + 4);
  tiff.write('II*\0', 0, 'latin1');
  tiff.writeUInt32LE(8, 4);
  const field = (at: number, tag: number, kind: readonly [type: number, count: number, value: number]) => {
    const [type, count, value] = kind;
    tiff.writeUInt16LE(tag, at);
    tiff.writeUInt16LE(type, at + 2);
    tiff.writeUInt32LE(count, at + 4);
    tiff.writeUInt32LE(value, at + 8);
  };
  const ascii = 2;
  const long = 4;
  tiff.writeUInt16LE(2, 8);
  field(10, 0x0110, [ascii, name.length, tiff.length]);
  field(22, 0x8769, [long, 1, 38]);
  tiff.writeUInt16LE(1, 38);
  field(40, 0x9003, [ascii, date.length, tiff.length + name.length]);
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, name, date]);
  const head = Buffer.alloc(4);
  head.writeUInt16BE(0xffe1, 0);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** Days on which the pictures of 2024 were taken, by their numbers; the dates of the files say nothing. */
const taken2024 = [
  '2024:05:03 09:12:40',
  '2024:08:16 18:00:02',
  '2024:07:18 14:02:11',
  '2024:08:17 14:02:11',
  '2023:08:17 14:02:11',
  '2024:09:01 11:30:00',
  '2024:08:18 00:10:09',
  '2024:10:17 08:45:30',
];

export const pictureOfThatDay = '/Photos/2024/DSC_0104.jpg';

/** The pictures of the trip, in the order of their numbers. */
export const tripPictures = Array.from({ length: 8 }, (_, index) => `IMG_2${twoDigits(index + 1)}.jpg`);

/** Copies in the backup that are the same as a picture of 2023, and those that are not. */
export const sameInBackup = ['a01.jpg', 'a02.jpg', 'b07.jpg', 'scan.jpg'].map(
  (name) => `/Photos/Backup/${name}`,
);
export const othersInBackup = ['a03.jpg', 'b08.jpg'].map((name) => `/Photos/Backup/${name}`);

export function putPhotos(hand: Hand): void {
  for (const [index, taken] of taken2024.entries())
    hand.put(`/Photos/2024/DSC_01${twoDigits(index + 1)}.jpg`, photo(taken), '2024-12-24');
  for (const [index, name] of tripPictures.entries())
    hand.put(`/Photos/Trip/${name}`, photo(`2025:06:${twoDigits(index + 10)} 10:00:00`), '2025-06-20');
  hand.put('/Photos/Trip/IMG_2010.jpg', photo('2025:06:19 10:00:00'), '2025-06-20');
  hand.put('/Photos/Trip/IMG_205.txt', 'The harbour. Ask Jonas for the large one.\n', '2025-06-21');
  const of2023 = (day: number): Buffer => photo(`2023:04:${twoDigits(day)} 12:00:00`, 'Kodak 5');
  for (let day = 1; day <= 12; day++)
    hand.put(`/Photos/2023/spring ${twoDigits(day)}.jpg`, of2023(day), '2023-05-01');
  const backup = '/Photos/Backup';
  hand.put(`${backup}/a01.jpg`, of2023(1), '2023-05-02');
  hand.put(`${backup}/a02.jpg`, of2023(2), '2023-05-02');
  // One second later than the picture that it looks like, and one with another camera.
  hand.put(`${backup}/a03.jpg`, photo('2023:04:03 12:00:01', 'Kodak 5'), '2023-05-02');
  hand.put(`${backup}/b07.jpg`, of2023(7), '2023-05-02');
  hand.put(`${backup}/b08.jpg`, photo('2023:04:08 12:00:00', 'Kodak 6'), '2023-05-02');
  hand.put(`${backup}/scan.jpg`, of2023(11), '2023-05-02');
  for (let number = 1; number <= 9; number++)
    hand.put(
      `/Photos/2025/Screenshot 2025-04-0${number} at 3.15.2${number}\u202fPM.jpg`,
      photo(`2025:04:0${number} 15:15:20`, 'Screen'),
      `2025-04-0${number}`,
    );
}
