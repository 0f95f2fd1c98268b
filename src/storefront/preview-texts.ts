/** What the preview says, in one language. */
export interface PreviewTexts {
  /** Where the creative shows: in this element. */
  readonly here: string;
  /** Where the creative shows: at its own place. */
  readonly overlay: string;
  /** Where the creative is changed. */
  readonly edit: string;
  /** Stands above the data. */
  readonly data: string;
  /** Stands there instead, when there is none. */
  readonly noData: string;
  readonly noName: string;
  readonly badData: string;
  /** Stands before the placeholders that have no value. */
  readonly unresolved: string;
}

const en: PreviewTexts = {
  here: 'Extole’s creative shows here on your storefront.',
  overlay: 'This zone shows as an overlay, not at this place.',
  edit: 'Content is changed in Extole’s Campaign Editor.',
  data: 'Event data',
  noData: 'No event data',
  noName: 'Enter the name of the custom zone.',
  badData: 'The Custom Event Data is not a JSON object and is left out.',
  unresolved: 'No value on this page, so left out (other pages may have one):',
};

/** The texts by the first two letters of the editor's language. */
const TEXTS: Readonly<Record<string, PreviewTexts>> = {
  en,
  de: {
    here: 'Auf Ihrer Storefront wird hier das Creative von Extole angezeigt.',
    overlay: 'Diese Zone wird als Overlay angezeigt, nicht an dieser Stelle.',
    edit: 'Inhalte ändern Sie im Campaign Editor von Extole.',
    data: 'Ereignisdaten',
    noData: 'Keine Ereignisdaten',
    noName: 'Geben Sie den Namen der benutzerdefinierten Zone ein.',
    badData: 'Die benutzerdefinierten Ereignisdaten sind kein JSON-Objekt und werden weggelassen.',
    unresolved: 'Ohne Wert auf dieser Seite und daher weggelassen (andere Seiten können einen haben):',
  },
  es: {
    here: 'Aquí se muestra la creatividad de Extole en tu tienda.',
    overlay: 'Esta zona se muestra como superposición, no en este lugar.',
    edit: 'El contenido se modifica en el Campaign Editor de Extole.',
    data: 'Datos del evento',
    noData: 'Sin datos del evento',
    noName: 'Introduce el nombre de la zona personalizada.',
    badData: 'Los datos del evento personalizados no son un objeto JSON y se omiten.',
    unresolved: 'Sin valor en esta página, por lo que se omite (otras páginas pueden tenerlo):',
  },
  fr: {
    here: 'La création d’Extole s’affiche ici dans votre boutique.',
    overlay: 'Cette zone s’affiche en superposition, pas à cet endroit.',
    edit: 'Le contenu se modifie dans le Campaign Editor d’Extole.',
    data: 'Données d’événement',
    noData: 'Aucune donnée d’événement',
    noName: 'Saisissez le nom de la zone personnalisée.',
    badData: 'Les données d’événement personnalisées ne sont pas un objet JSON et sont omises.',
    unresolved: 'Sans valeur sur cette page, donc omis (d’autres pages peuvent en avoir une)\u00A0:',
  },
  it: {
    here: 'Nel tuo negozio qui viene mostrata la creatività di Extole.',
    overlay: 'Questa zona viene mostrata come overlay, non in questo punto.',
    edit: 'Il contenuto si modifica nel Campaign Editor di Extole.',
    data: 'Dati dell’evento',
    noData: 'Nessun dato dell’evento',
    noName: 'Inserisci il nome della zona personalizzata.',
    badData: 'I dati dell’evento personalizzati non sono un oggetto JSON e vengono omessi.',
    unresolved: 'Senza valore in questa pagina, quindi omesso (altre pagine possono averlo):',
  },
  nl: {
    here: 'In je winkel wordt hier de creative van Extole getoond.',
    overlay: 'Deze zone wordt als overlay getoond, niet op deze plek.',
    edit: 'De inhoud wijzig je in de Campaign Editor van Extole.',
    data: 'Gebeurtenisgegevens',
    noData: 'Geen gebeurtenisgegevens',
    noName: 'Voer de naam van de aangepaste zone in.',
    badData: 'De aangepaste gebeurtenisgegevens zijn geen JSON-object en worden weggelaten.',
    unresolved: 'Zonder waarde op deze pagina, dus weggelaten (andere pagina’s kunnen die wel hebben):',
  },
  pt: {
    here: 'O criativo da Extole é exibido aqui na sua loja.',
    overlay: 'Esta zona é exibida como sobreposição, não neste local.',
    edit: 'O conteúdo é alterado no Campaign Editor da Extole.',
    data: 'Dados do evento',
    noData: 'Sem dados do evento',
    noName: 'Insira o nome da zona personalizada.',
    badData: 'Os dados do evento personalizados não são um objeto JSON e são omitidos.',
    unresolved: 'Sem valor nesta página, por isso omitido (outras páginas podem ter):',
  },
  ja: {
    here: 'ストアではここに Extole のクリエイティブが表示されます。',
    overlay: 'このゾーンはこの場所ではなく、オーバーレイとして表示されます。',
    edit: '内容は Extole の Campaign Editor で変更します。',
    data: 'イベントデータ',
    noData: 'イベントデータなし',
    noName: 'カスタムゾーンの名前を入力してください。',
    badData: 'カスタムイベントデータが JSON オブジェクトではないため、送信されません。',
    unresolved: 'このページには値がないため送信されません（ほかのページには値がある場合があります）：',
  },
};

/**
 * The texts in the first of some languages that we speak, and which one that is. English for those who read none of ours.
 *
 * @param languages - Language tags, the preferred one first: `navigator.languages`.
 */
export function textsFor(languages: readonly string[]): {
  readonly lang: string;
  readonly texts: PreviewTexts;
} {
  for (const language of languages) {
    const lang = language.slice(0, 2);
    const texts = TEXTS[lang];
    if (texts) return { lang, texts };
  }
  return { lang: 'en', texts: en };
}
