// The page works without this script; with it, searching shows what it finds at
// every key, votes do not load the page anew, and settings show what they would
// pick. Whatever fails here falls back to the plain link or form.
"use strict";

const said = document.getElementById("said");

// ask gets a part of a page as HTML. Our own server escapes it.
async function ask(url, options) {
	const answer = await fetch(url, { credentials: "same-origin", ...options, headers: { "X-Part": "1" } });
	const text = await answer.text();
	if (!answer.ok) {
		const error = new Error(text);
		error.shown = answer.status !== 401 && answer.headers.get("Content-Type").startsWith("text/plain");
		throw error;
	}
	return text;
}

// later calls f once nothing has called it for some milliseconds.
function later(f, wait) {
	let timer;
	return (...args) => {
		clearTimeout(timer);
		timer = setTimeout(f, wait, ...args);
	};
}

function parsed(html) {
	const t = document.createElement("template");
	t.innerHTML = html;
	return t.content;
}

// What settings would pick is shown below; a form that is being filled in stays.
const settings = document.querySelector("form[data-preview]");

// Search as you type. On another page than that of the search, what is found takes
// the place of the content, and going back brings it back.
const field = document.getElementById("q");
let results = document.getElementById("results"), running, shown = field.value.trim();

async function search() {
	const query = field.value.trim();
	if (query === shown || !query && !results) return;
	running?.abort();
	running = new AbortController();
	const address = "/search?" + new URLSearchParams({ q: query });
	try {
		const html = await ask(address + "&part=results", { signal: running.signal });
		if (results) {
			history.replaceState(null, "", address);
		} else {
			results = document.createElement("div");
			results.className = "list";
			document.getElementById("main").replaceChildren(results);
			history.pushState(null, "", address);
			window.addEventListener("popstate", () => location.reload());
		}
		results.replaceChildren(parsed(html));
		shown = query;
		document.title = (query ? query + " · " : "") + "Search · Paperboy";
		said.textContent = results.querySelector("h1")?.textContent ?? "";
	} catch (error) {
		if (error.name !== "AbortError") said.textContent = "The search did not answer; press Enter to try again.";
	}
}
if (!settings) field.addEventListener("input", later(search, 180));
if (results && !field.value) field.focus();

// Votes and saving, in place.
document.addEventListener("submit", async (event) => {
	const form = event.target;
	if (!form.matches("form[data-live]") || !event.submitter) return;
	event.preventDefault();
	const pressed = event.submitter, box = form.closest(".votebox");
	const kind = pressed.classList.contains("vote") ? ".vote" : ".save";
	const body = new URLSearchParams(new FormData(form));
	body.set(pressed.name, pressed.value);
	try {
		const fresh = parsed(await ask(form.action, { method: "POST", body })).firstElementChild;
		box.replaceWith(fresh);
		const button = fresh.querySelector(kind);
		button.focus();
		said.textContent = fresh.querySelector(".bad")?.textContent ??
			(kind === ".vote" ? fresh.querySelector("b").textContent + " votes" : button.textContent);
	} catch (error) {
		if (error.shown) said.textContent = error.message;
		else {
			form.append(hidden(pressed));
			form.submit();
		}
	}
});

// hidden carries what a button says, for a form that is sent by hand.
function hidden(button) {
	const input = document.createElement("input");
	Object.assign(input, { type: "hidden", name: button.name, value: button.value });
	return input;
}

// What settings would pick, while they are changed.
if (settings) {
	const preview = document.getElementById("preview");
	const show = later(async () => {
		running?.abort();
		running = new AbortController();
		const body = new URLSearchParams(new FormData(settings));
		body.set("do", "preview");
		preview.setAttribute("aria-busy", "true");
		try {
			preview.replaceChildren(parsed(await ask(settings.action, { method: "POST", body, signal: running.signal })));
			preview.removeAttribute("aria-busy");
		} catch (error) {
			if (error.name === "AbortError") return;
			preview.removeAttribute("aria-busy");
			said.textContent = "The preview could not be made; press Preview to try again.";
		}
	}, 350);
	settings.addEventListener("input", show);
}
