import type { StorefrontErrorCode } from './errors.js';

/** The mistakes that a merchant makes and mends in Page Builder. */
type EditorCode = Extract<StorefrontErrorCode, 'ZONE_NAME_MISSING' | 'EVENT_DATA_INVALID'>;

const TEXTS: Readonly<Record<string, Readonly<Record<EditorCode, string>>>> = {
  en: {
    ZONE_NAME_MISSING: 'Extole CTA Tag: enter the name of the custom zone. Until then nothing shows here.',
    EVENT_DATA_INVALID: 'Extole CTA Tag: the Custom Event Data is not a JSON object and is left out.',
  },
  de: {
    ZONE_NAME_MISSING:
      'Extole CTA Tag: Geben Sie den Namen der benutzerdefinierten Zone ein. Bis dahin wird hier nichts angezeigt.',
    EVENT_DATA_INVALID:
      'Extole CTA Tag: Die benutzerdefinierten Ereignisdaten sind kein JSON-Objekt und werden weggelassen.',
  },
  es: {
    ZONE_NAME_MISSING:
      'Extole CTA Tag: introduzca el nombre de la zona personalizada. Hasta entonces no se muestra nada aquí.',
    EVENT_DATA_INVALID:
      'Extole CTA Tag: los datos de evento personalizados no son un objeto JSON y se omiten.',
  },
  fr: {
    ZONE_NAME_MISSING:
      "Extole CTA Tag : saisissez le nom de la zone personnalisée. D'ici là, rien ne s'affiche ici.",
    EVENT_DATA_INVALID:
      "Extole CTA Tag : les données d'événement personnalisées ne sont pas un objet JSON et sont ignorées.",
  },
  it: {
    ZONE_NAME_MISSING:
      'Extole CTA Tag: inserisci il nome della zona personalizzata. Fino ad allora qui non viene mostrato nulla.',
    EVENT_DATA_INVALID:
      'Extole CTA Tag: i dati evento personalizzati non sono un oggetto JSON e vengono ignorati.',
  },
  nl: {
    ZONE_NAME_MISSING:
      'Extole CTA Tag: voer de naam van de aangepaste zone in. Tot die tijd wordt hier niets getoond.',
    EVENT_DATA_INVALID:
      'Extole CTA Tag: de aangepaste gebeurtenisgegevens zijn geen JSON-object en worden weggelaten.',
  },
  pt: {
    ZONE_NAME_MISSING: 'Extole CTA Tag: insira o nome da zona personalizada. Até lá, nada é exibido aqui.',
    EVENT_DATA_INVALID:
      'Extole CTA Tag: os dados de evento personalizados não são um objeto JSON e são ignorados.',
  },
  ja: {
    ZONE_NAME_MISSING:
      'Extole CTA Tag:カスタムゾーンの名前を入力してください。入力するまで、ここには何も表示されません。',
    EVENT_DATA_INVALID:
      'Extole CTA Tag:カスタムイベントデータが JSON オブジェクトではないため、送信されません。',
  },
};

/** Whether a code is about something that Page Builder's user typed. */
export const isEditorCode = (code: StorefrontErrorCode): code is EditorCode => code in (TEXTS.en ?? {});

/**
 * Explains a mistake at the place where it was made, above the element that it is about. Meant for Page Builder only.
 *
 * @param code - The mistake.
 * @param value - Where exactly it is, if known; in English.
 */
export function showNotice(element: HTMLElement, code: EditorCode, value: string): void {
  const texts = navigator.languages.map((language) => TEXTS[language.slice(0, 2)]).find((found) => found);
  const previous = element.previousElementSibling;
  const isThere = previous instanceof HTMLElement && previous.dataset.extoleNotice !== undefined;
  const notice = isThere ? previous : document.createElement('div');
  notice.dataset.extoleNotice = code;
  notice.setAttribute('role', 'note');
  notice.style.cssText =
    'all:initial;display:block;box-sizing:border-box;padding:12px 16px;border:2px dashed #9a6700;background:#fff8c5;color:#24292f;font:14px/1.4 system-ui,sans-serif';
  notice.textContent = [(texts ?? TEXTS.en)?.[code], value].filter(Boolean).join(' ');
  if (!isThere) element.before(notice);
}
