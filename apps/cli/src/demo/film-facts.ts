import type { Genre, Job, Maturity, TitleTexts } from '@bioscope/catalog/contract';

/** What is said of a demo title beyond what every upload says. */
export type DemoFacts = {
  readonly genres: readonly Genre[];
  readonly maturity: Maturity;
  /** BCP 47; empty where nobody speaks. */
  readonly originalLanguage: string;
  readonly synopsisShort: string;
  readonly translations: readonly ({ readonly language: string } & Pick<TitleTexts, 'name' | 'synopsisShort'>)[];
  readonly people: readonly {
    readonly personId: string;
    readonly name: string;
    readonly otherNames: readonly string[];
    readonly job: Job;
  }[];
  /** Of an episode of the demo series. */
  readonly episode: number | null;
};

/** The series of the demo catalogue: pictures that are nothing but arithmetic. */
export const DEMO_SERIES = {
  titleId: 'demo-pictures-from-numbers',
  seasonId: 'demo-pictures-from-numbers-1',
  name: 'Pictures from Numbers',
  synopsis: 'Nobody drew these pictures. A few lines of arithmetic did, and each episode watches one of them grow.',
  facts: {
    genres: ['science', 'experimental'],
    maturity: 0,
    originalLanguage: '',
    synopsisShort: 'Pictures that nobody drew: each episode watches a little arithmetic grow.',
    translations: [
      {
        language: 'de',
        name: 'Bilder aus Zahlen',
        synopsisShort: 'Bilder, die niemand gezeichnet hat: Jede Folge sieht ein wenig Rechnen beim Wachsen zu.',
      },
      {
        language: 'es',
        name: 'Imágenes de números',
        synopsisShort: 'Imágenes que nadie dibujó: cada episodio mira crecer un poco de aritmética.',
      },
      { language: 'hi', name: 'संख्याओं के चित्र', synopsisShort: 'चित्र जिन्हें किसी ने नहीं बनाया: हर कड़ी में थोड़ा-सा गणित बढ़ता दिखता है।' },
      { language: 'ar', name: 'صور من الأرقام', synopsisShort: 'صور لم يرسمها أحد: في كل حلقة قليل من الحساب ينمو أمام أعيننا.' },
    ],
    people: [],
    episode: null,
  },
} as const satisfies { titleId: string; seasonId: string; name: string; synopsis: string; facts: DemoFacts };

/** By the slug of the film. */
export const DEMO_FACTS: Readonly<Record<string, DemoFacts>> = {
  'big-buck-bunny': {
    genres: ['animation', 'comedy', 'family', 'short'],
    maturity: 6,
    originalLanguage: '',
    synopsisShort: 'A gentle giant of a rabbit teaches three small bullies some patience.',
    translations: [
      {
        language: 'de',
        name: 'Big Buck Bunny',
        synopsisShort: 'Ein sanfter Riese von einem Hasen bringt drei kleinen Quälgeistern Geduld bei.',
      },
      {
        language: 'es',
        name: 'Big Buck Bunny',
        synopsisShort: 'Un conejo grande y apacible enseña paciencia a tres pequeños abusones.',
      },
      { language: 'hi', name: 'बिग बक बनी', synopsisShort: 'एक बड़ा और भोला खरगोश तीन छोटे शरारतियों को धीरज सिखाता है।' },
      { language: 'ar', name: 'بيغ باك باني', synopsisShort: 'أرنب ضخم وديع يعلّم ثلاثة مشاغبين صغار معنى الصبر.' },
    ],
    people: [
      {
        personId: 'demo-sacha-goedegebure',
        name: 'Sacha Goedegebure',
        otherNames: ['ساشا خوديخيبوره', 'साशा खुडेगेबूरे'],
        job: 'director',
      },
      { personId: 'demo-jan-morgenstern', name: 'Jan Morgenstern', otherNames: ['يان مورغنشترن', 'यान मोर्गनश्टेर्न'], job: 'composer' },
    ],
    episode: null,
  },
  colony: {
    genres: [],
    maturity: 0,
    originalLanguage: '',
    synopsisShort: 'A city of sparks rises, quarrels and burns out by three rules.',
    translations: [
      { language: 'de', name: 'Kolonie', synopsisShort: 'Eine Stadt aus Funken entsteht, streitet und verglüht nach drei Regeln.' },
      { language: 'es', name: 'Colonia', synopsisShort: 'Una ciudad de chispas nace, disputa y se apaga según tres reglas.' },
      { language: 'hi', name: 'बस्ती', synopsisShort: 'चिनगारियों का एक शहर तीन नियमों से बनता, झगड़ता और बुझ जाता है।' },
      { language: 'ar', name: 'مستعمرة', synopsisShort: 'مدينة من الشرر تنهض وتتخاصم ثم تنطفئ وفق ثلاث قواعد.' },
    ],
    people: [],
    episode: 1,
  },
  'seahorse-valley': {
    genres: [],
    maturity: 0,
    originalLanguage: '',
    synopsisShort: 'One slow fall into the most photographed crevice in mathematics.',
    translations: [
      {
        language: 'de',
        name: 'Tal der Seepferdchen',
        synopsisShort: 'Ein langsamer Fall in die meistfotografierte Spalte der Mathematik.',
      },
      {
        language: 'es',
        name: 'El valle de los caballitos de mar',
        synopsisShort: 'Una lenta caída en la grieta más fotografiada de las matemáticas.',
      },
      { language: 'hi', name: 'समुद्री घोड़ों की घाटी', synopsisShort: 'गणित की सबसे चर्चित दरार में एक धीमी गिरावट।' },
      { language: 'ar', name: 'وادي أحصنة البحر', synopsisShort: 'سقوط بطيء في أكثر شقوق الرياضيات تصويرًا.' },
    ],
    people: [],
    episode: 2,
  },
  afterglow: {
    genres: ['experimental', 'nature', 'short'],
    maturity: 0,
    originalLanguage: '',
    synopsisShort: 'The last light of a day that is in no hurry.',
    translations: [
      { language: 'de', name: 'Abendrot', synopsisShort: 'Das letzte Licht eines Tages, der es nicht eilig hat.' },
      { language: 'es', name: 'Arrebol', synopsisShort: 'La última luz de un día que no tiene prisa.' },
      { language: 'hi', name: 'सांझ की लाली', synopsisShort: 'एक ऐसे दिन की आख़िरी रोशनी जिसे कोई जल्दी नहीं।' },
      { language: 'ar', name: 'شفق', synopsisShort: 'آخر ضوء ليوم لا يستعجل الرحيل.' },
    ],
    people: [],
    episode: null,
  },
};
