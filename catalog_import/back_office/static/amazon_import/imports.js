// Drag and drop with a progress bar for the upload, and a progress bar that moves while the worker is at it.
// Without this script both are plain forms and pages.
(() => {
  const form = document.querySelector("[data-upload]");
  if (form) enableUpload(form);
  const progress = document.querySelector("[data-progress]");
  if (progress) follow(progress);

  function enableUpload(form) {
    const input = form.querySelector("input[type=file]");
    const drop = form.querySelector("[data-drop]");
    const list = form.querySelector("[data-files]");
    const errors = form.querySelector("[data-errors]");
    const button = form.querySelector("[type=submit]");
    let chosen = new DataTransfer();
    form.querySelector("[data-drop-hint]").hidden = false;

    const add = (files) => {
      const known = new Set([...chosen.files].map((file) => `${file.name} ${file.size}`));
      for (const file of files) if (!known.has(`${file.name} ${file.size}`)) chosen.items.add(file);
      show();
    };
    const show = () => {
      input.files = chosen.files;
      list.hidden = !chosen.files.length;
      list.replaceChildren(...[...chosen.files].map((file, index) => {
        const line = document.createElement("li");
        const name = document.createElement("span");
        name.textContent = `${file.name} (${readableSize(file.size)})`;
        const remove = document.createElement("button");
        remove.type = "button";
        remove.className = "button button-small button-secondary";
        remove.textContent = button.dataset.remove;
        remove.setAttribute("aria-label", `${button.dataset.remove} ${file.name}`);
        remove.addEventListener("click", () => { chosen.items.remove(index); show(); });
        line.append(name, remove);
        return line;
      }));
    };
    input.addEventListener("change", () => add([...input.files]));
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("is-over"); });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => { event.preventDefault(); add([...event.dataTransfer.files]); });

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const sending = form.querySelector("[data-sending]");
      const text = form.querySelector("[data-sending-text]");
      const bar = form.querySelector("[data-sending-bar]");
      const fail = (messages) => {
        sending.hidden = true;
        button.disabled = false;
        errors.hidden = false;
        errors.replaceChildren(...messages.map((message) => {
          const line = document.createElement("li");
          line.textContent = message;
          return line;
        }));
      };
      errors.hidden = true;
      sending.hidden = false;
      button.disabled = true;
      text.textContent = text.dataset.uploading;
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.setRequestHeader("Accept", "application/json");
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
        text.textContent = `${text.dataset.uploading} ${Math.round(bar.value)} %`;
      });
      request.upload.addEventListener("load", () => {
        bar.removeAttribute("value");
        text.textContent = text.dataset.reading;
      });
      request.addEventListener("load", () => {
        if (request.status === 201) location.assign(request.response.url);
        else fail((request.response && request.response.errors) || [text.dataset.failed]);
      });
      request.addEventListener("error", () => fail([text.dataset.failed]));
      request.send(new FormData(form));
    });
  }

  function follow(section) {
    const bar = section.querySelector("progress");
    const text = section.querySelector("[data-progress-text]");
    const ask = async () => {
      try {
        const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" } });
        if (answer.ok) {
          const now = await answer.json();
          if (now.state !== section.dataset.state) {
            location.reload();
            return;
          }
          text.textContent = now.text;
          if (now.total) bar.value = now.percent;
          else bar.removeAttribute("value");
        }
      } catch {
        // No answer this time: the next one tells.
      }
      setTimeout(ask, 1000);
    };
    setTimeout(ask, 700);
  }

  function readableSize(bytes) {
    const units = ["B", "kB", "MB", "GB"];
    let unit = 0;
    let size = bytes;
    while (size >= 1000 && unit < units.length - 1) { size /= 1000; unit += 1; }
    return `${size.toLocaleString(document.documentElement.lang, { maximumFractionDigits: unit ? 1 : 0 })} ${units[unit]}`;
  }
})();
