/** A person who may sign in to the store's control panel. */
export interface StaffMember {
  /** BigCommerce's id. */
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

/** The store's owner, who installs apps and says who may open them. */
export const OWNER: StaffMember = { id: 7_001, name: 'June Oakes', email: 'june@juniper-oak.example' };

/** Everybody, the owner first. */
export const STAFF: readonly StaffMember[] = [
  OWNER,
  { id: 7_002, name: 'Ravi Menon', email: 'ravi@juniper-oak.example' },
  { id: 7_003, name: 'Ida Holm', email: 'ida@juniper-oak.example' },
];

/** The control panel's languages, by BCP 47 tag. The first is the one without a choice. */
export const LOCALES: Readonly<Record<string, string>> = {
  'en-US': 'English',
  'de-DE': 'Deutsch',
  'es-ES': 'Español',
  'fr-FR': 'Français',
  'it-IT': 'Italiano',
  'nl-NL': 'Nederlands',
  'pt-BR': 'Português',
  'ja-JP': '日本語',
};
