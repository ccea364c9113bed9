"""Twenty questions that people ask, answered in a few sentences each."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "Where do I begin with a file of my own?": (
        "Open **Check files** and drop it. What is wrong with it is listed within seconds. *Start a project from "
        "this file* then asks what should be predicted and proposes criteria."
    ),
    "What does undecided mean?": (
        "The interval holds the agreed value, so these rows cannot tell whether the criterion is met. The page says "
        "about how many more days would. At the gate it needs an approver's reason; live it waits."
    ),
    "Why are the intervals so wide?": (
        "Rows of one day resemble one another, so days are resampled and not rows. Intervals from rows alone would "
        "be several times too narrow, and would raise alerts that mean nothing."
    ),
    "What is the difference between drift and a criterion that is not met?": (
        "Drift says that the data moved. A criterion says whether the model still does what was agreed. Drift is "
        "amber and a reason to look; a criterion that is not met is red and a reason to act."
    ),
    "When is an alert raised?": (
        "When the whole interval of a live criterion lies on the wrong side of its threshold; a criterion that only "
        "monitors raises none. There is one alert for each onset; later windows of the same trouble belong to it."
    ),
    "What closes a case?": (
        "A post-check on later rows in which the criterion is met again, or a person's word that it is accepted as "
        "it is. A post-check that is not met opens the case again."
    ),
    "What does the replay clock do?": (
        "A replayed project lives on a day in the past. Windows, ages and delays are counted from that day; who "
        "clicked when is kept in today's time."
    ),
    "Who may approve?": (
        "Whoever has the role of approver or owner. Where one person does everything, the approval is recorded as "
        "self-approved and shown so."
    ),
    "What does an approval freeze?": (
        "The criteria by which the version was judged, by their hashes. A criterion that is signed anew moves no "
        "live threshold until the version is approved again."
    ),
    "How do I undo something?": (
        "Small acts offer Undo for ten seconds. Signing, approving and promoting cannot be undone; their "
        "counter-act is named on the page: change, refuse, or roll back."
    ),
    "Where are my data?": (
        "In one folder on this machine; **Settings** names it. Records are one SQLite file (or a PostgreSQL of yours), "
        "tables and models are files known by their hash. Nothing is sent anywhere."
    ),
    "How do I move or back up a workspace?": (
        "Stop Fullcircle and copy its folder. No record in it holds a path, so it works wherever it is put."
    ),
    "Which files can I drop?": (
        "CSV and TSV in any common dialect and encoding, Excel and OpenDocument workbooks, Parquet, Arrow, Feather, "
        "JSON and JSON Lines, plain or compressed (gzip, Zstandard, bzip2, xz, or alone in a ZIP archive), up to 2 GB. "
        "Lines that cannot be read are listed with their numbers and are not silently dropped."
    ),
    "How do I call the model?": (
        "The scorer speaks the Open Inference Protocol. **Deployment status** shows a line to copy with this "
        "project's names in it."
    ),
    "Are predictions lost when the power fails?": (
        "No answer is given before its row is on disk. What was answered is kept, and a repeated request is "
        "recognised by its id."
    ),
    "How do labels come in?": (
        "A replay brings them with the later data, each at the time at which it became known, and finds its row by the "
        "id. A window says for how many of its rows the label is known."
    ),
    "Why is my page asking me to reload before an upload?": (
        "A drop zone carries a permission that ends after some hours. A reload gives a fresh one."
    ),
    "What is a shadow?": (
        "A version that gets every request while only the champion's answers are returned. It shows what would have "
        "been, on the very same rows."
    ),
    "Why is the simpler model chosen when another one scores higher?": (
        "When the interval of the difference holds zero, no difference was shown. Then the simpler model is easier "
        "to explain, faster, and no worse as far as anybody knows."
    ),
    "How can I see that nobody changed the past?": (
        "**Thread** verifies the ledger: every decision is in a chain of hashes, and a change to an old one breaks "
        "the chain at its number."
    ),
}
