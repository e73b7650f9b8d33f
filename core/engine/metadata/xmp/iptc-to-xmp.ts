/** IPTC datasets as XMP, for WebP and AVIF, which have no place for IPTC-IIM. Mapping: IPTC Photo Metadata Standard, appendix. */
import { type Dataset, parseIim } from '../iptc/iim.ts';
import { decodeText } from '../text.ts';
import { ns } from './namespaces.ts';
import { addDescription, freshXmp, parseXmp, serializeXmp } from './packet.ts';
import { propertyValue } from './properties.ts';

type Form = 'text' | 'language' | 'list' | 'set';

const mapping: [dataset: number, namespace: string, name: string, form: Form][] = [
  [5, ns.dc, 'dc:title', 'language'],
  [25, ns.dc, 'dc:subject', 'set'],
  [40, ns.photoshop, 'photoshop:Instructions', 'text'],
  [80, ns.dc, 'dc:creator', 'list'],
  [85, ns.photoshop, 'photoshop:AuthorsPosition', 'text'],
  [90, ns.photoshop, 'photoshop:City', 'text'],
  [92, ns.iptcCore, 'Iptc4xmpCore:Location', 'text'],
  [95, ns.photoshop, 'photoshop:State', 'text'],
  [100, ns.iptcCore, 'Iptc4xmpCore:CountryCode', 'text'],
  [101, ns.photoshop, 'photoshop:Country', 'text'],
  [103, ns.photoshop, 'photoshop:TransmissionReference', 'text'],
  [105, ns.photoshop, 'photoshop:Headline', 'text'],
  [110, ns.photoshop, 'photoshop:Credit', 'text'],
  [115, ns.photoshop, 'photoshop:Source', 'text'],
  [116, ns.dc, 'dc:rights', 'language'],
  [120, ns.dc, 'dc:description', 'language'],
  [122, ns.photoshop, 'photoshop:CaptionWriter', 'text'],
];

/** Date and time created: CCYYMMDD, and HHMMSS with an optional ±HHMM. */
function dateOf(datasets: Dataset[]): string | null {
  const text = (dataset: number) => decodeText(datasets.find((each) => each.dataset === dataset)?.value ?? new Uint8Array());
  const date = /^(\d{4})(\d{2})(\d{2})$/.exec(text(55));
  const time = /^(\d{2})(\d{2})(\d{2})(?:([+-]\d{2})(\d{2}))?$/.exec(text(60));
  if (date === null) return null;
  const day = date.slice(1).join('-');
  if (time === null) return day;
  return `${day}T${time.slice(1, 4).join(':')}${time[4] === undefined ? '' : `${time[4]}:${time[5] ?? '00'}`}`;
}

const containers: Record<Exclude<Form, 'text'>, string> = { language: 'rdf:Alt', list: 'rdf:Seq', set: 'rdf:Bag' };

/** The packet with what IPTC says and XMP does not say yet. Throws `MalformedMetadata`. */
export function addIptcToXmp(text: string | null, iptc: Uint8Array): string {
  const xmp = text === null ? freshXmp() : parseXmp(text);
  const datasets = parseIim(iptc).filter(({ record }) => record === 2);
  const missing = mapping.filter(([, namespace, name]) => propertyValue(xmp, namespace, name.split(':')[1] ?? '') === null);
  const description = addDescription(xmp);
  const date = dateOf(datasets);
  if (date !== null && propertyValue(xmp, ns.photoshop, 'DateCreated') === null) {
    description.setAttributeNS(ns.photoshop, 'photoshop:DateCreated', date);
  }
  for (const [dataset, namespace, name, form] of missing) {
    const values = datasets.filter((each) => each.dataset === dataset).map(({ value }) => decodeText(value));
    if (values.length === 0) continue;
    const property = xmp.document.createElementNS(namespace, name);
    description.appendChild(property);
    if (form === 'text') {
      property.textContent = values.join('; ');
      continue;
    }
    const container = xmp.document.createElementNS(ns.rdf, containers[form]);
    property.appendChild(container);
    for (const value of values) {
      const item = xmp.document.createElementNS(ns.rdf, 'rdf:li');
      if (form === 'language') item.setAttributeNS(ns.xml, 'xml:lang', 'x-default');
      item.textContent = value;
      container.appendChild(item);
    }
  }
  return serializeXmp(xmp);
}
