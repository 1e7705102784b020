// What agents read, in English and Estonian.

const EN = {
  title: "Kratt's desk",
  token: "Your token",
  sign_in: "Go on duty",
  leave: "Go off duty",
  queue: "Queue",
  empty: "Nobody waits.",
  take: "Take",
  open: "Open",
  mine: "yours",
  waits: "waits {time}",
  asked: "asked for a person",
  not_understood: "was not understood",
  languages: { en: "English", et: "Estonian", ru: "Russian" },
  transcript: "What they talked about with Kratt",
  no_transcript: "The citizen did not hand over what they talked about with Kratt.",
  citizen: "Citizen",
  kratt: "Kratt",
  agent: "You",
  answer: "Your answer",
  send: "Send",
  release: "Give back",
  close: "Close",
  taken: "Somebody else was quicker.",
  ended: "The conversation has ended, or is not yours any more.",
  refused: "This token lets nobody in.",
  offline: "Kratt does not answer. It is tried again.",
};

const ET = {
  title: "Krati töölaud",
  token: "Teie võti",
  sign_in: "Alusta valvet",
  leave: "Lõpeta valve",
  queue: "Järjekord",
  empty: "Keegi ei oota.",
  take: "Võta",
  open: "Ava",
  mine: "teie oma",
  waits: "ootab {time}",
  asked: "küsis inimest",
  not_understood: "jäi arusaamatuks",
  languages: { en: "inglise", et: "eesti", ru: "vene" },
  transcript: "Millest Kratiga räägiti",
  no_transcript: "Inimene ei andnud edasi, millest ta Kratiga rääkis.",
  citizen: "Inimene",
  kratt: "Kratt",
  agent: "Teie",
  answer: "Teie vastus",
  send: "Saada",
  release: "Anna tagasi",
  close: "Lõpeta vestlus",
  taken: "Keegi teine oli kiirem.",
  ended: "Vestlus on lõppenud või ei ole enam teie oma.",
  refused: "Selle võtmega sisse ei saa.",
  offline: "Kratt ei vasta. Proovitakse uuesti.",
};

const isEstonian = navigator.languages.find((tag) => /^(en|et)\b/.test(tag))?.startsWith("et") ?? false;

export const language = isEstonian ? "et" : "en";
export const words = isEstonian ? ET : EN;
