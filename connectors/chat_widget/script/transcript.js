// The conversation as a text file, made in the browser.

/** What the log shows, as plain text. */
export function transcriptOf(entries, words) {
  const said = entries.map(({ kind, text, reply }) => {
    const who = kind === "question" ? words.you : kind === "person" ? words.person_at_desk : words.kratt;
    if (kind !== "reply") return `${who}: ${text}`;
    const lines = [`${words.kratt}: ${reply.reply.map((part) => part.text).join("\n")}`];
    if (reply.sources.length) lines.push(`(${words.sources}: ${reply.sources.join(", ")})`);
    return lines.join("\n");
  });
  return `${said.join("\n\n")}\n`;
}

export function saveText(text, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href));
}
