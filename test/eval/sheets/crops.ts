/** What the contact sheets show: files of the shared data and rectangles in them. */
import { jpegDamage, noiseDamage, type Damage } from '../damage.ts';

export interface Crop {
  readonly label: string;
  /** Relative to the shared data. */
  readonly file: string;
  /** Upper left corner in pixels of the photo. */
  readonly left: number;
  readonly top: number;
  /** Done to the whole photo first; null for the file as it is. */
  readonly damage: Damage | null;
}

/** Size of a crop in pixels of the photo; less where the photo is smaller. */
export const cropSize = { width: 120, height: 90 } as const;

function crop(label: string, file: string, left: number, top: number, damage: Damage | null = null): Crop {
  return { label, file, left, top, damage };
}

const cameras = 'corpus/exif-samples/jpg__';

/** What people look at first, clean and damaged. */
export const contactCrops: readonly Crop[] = [
  crop('skin', 'eval/BSD100/img_063.png', 102, 138),
  crop('hair', 'eval/Set14/img_009.png', 130, 300),
  crop('leaves', `${cameras}gps__DSCN0012.jpg`, 400, 110),
  crop('text', 'eval/Set14/img_013.png', 30, 250),
  crop('sky', 'eval/BSD100/img_067.png', 250, 110),
  crop('night', `${cameras}exif-org__sanyo-vpcg250.jpg`, 200, 250),
  crop('fabric', 'eval/Set14/img_002.png', 450, 350),
  crop('JPEG blocks (q 40)', 'eval/BSD100/img_024.png', 60, 40, jpegDamage(40)),
  crop('fur', 'eval/BSD100/img_025.png', 180, 90),
  crop('straight lines', 'eval/BSD100/img_045.png', 200, 150),
  crop('faces, old camera', `${cameras}exif-org__canon-ixus.jpg`, 265, 195),
  crop('noise (σ 10)', 'eval/BSD100/img_003.png', 100, 150, noiseDamage(10)),
];

/** Twenty JPEGs as cameras wrote them, the old and the small ones. */
export const cameraCrops: readonly Crop[] = [
  crop('Canon Ixus', `${cameras}exif-org__canon-ixus.jpg`, 265, 195),
  crop('Fujifilm DX-10', `${cameras}exif-org__fujifilm-dx10.jpg`, 400, 160),
  crop('Fujifilm FinePix 40i', `${cameras}exif-org__fujifilm-finepix40i.jpg`, 230, 40),
  crop('Fujifilm MX-1700', `${cameras}exif-org__fujifilm-mx1700.jpg`, 256, 192),
  crop('Kodak DC210', `${cameras}exif-org__kodak-dc210.jpg`, 480, 215),
  crop('Kodak DC240', `${cameras}exif-org__kodak-dc240.jpg`, 200, 180),
  crop('Nikon E950', `${cameras}exif-org__nikon-e950.jpg`, 320, 200),
  crop('Olympus C960', `${cameras}exif-org__olympus-c960.jpg`, 180, 380),
  crop('Olympus D320L', `${cameras}exif-org__olympus-d320l.jpg`, 290, 260),
  crop('Ricoh RDC-5300', `${cameras}exif-org__ricoh-rdc5300.jpg`, 380, 260),
  crop('Sanyo VPC-G250', `${cameras}exif-org__sanyo-vpcg250.jpg`, 240, 160),
  crop('Sanyo VPC-SX550', `${cameras}exif-org__sanyo-vpcsx550.jpg`, 260, 180),
  crop('Sony Cybershot', `${cameras}exif-org__sony-cybershot.jpg`, 90, 90),
  crop('Sony D700', `${cameras}exif-org__sony-d700.jpg`, 60, 90),
  crop('Canon PowerShot A5', `${cameras}exif-org__sony-powershota5.jpg`, 380, 150),
  crop('Canon PowerShot S40', `${cameras}Canon_PowerShot_S40.jpg`, 200, 110),
  crop('Konica Minolta DiMAGE Z3', `${cameras}Konica_Minolta_DiMAGE_Z3.jpg`, 0, 5),
  crop('Canon Digital Ixus 400', `${cameras}Canon_DIGITAL_IXUS_400.jpg`, 0, 0),
  crop('Nikon Coolpix P1', `${cameras}Nikon_COOLPIX_P1.jpg`, 0, 0),
  crop('Ricoh Caplio RR330', `${cameras}Ricoh_Caplio_RR330.jpg`, 0, 0),
];

/** The parts that the rival's picture shows, row by row; each is `rivalSize` of the photo, four times as large there. */
export const rivalCrops: readonly Crop[] = [
  crop('Canon Ixus', `${cameras}exif-org__canon-ixus.jpg`, 256, 192),
  crop('Fujifilm MX-1700', `${cameras}exif-org__fujifilm-mx1700.jpg`, 256, 192),
  crop('Olympus D320L', `${cameras}exif-org__olympus-d320l.jpg`, 256, 192),
  crop('Sony D700', `${cameras}exif-org__sony-d700.jpg`, 268, 204),
];

export const rivalSize = { width: 180, height: 120 } as const;
