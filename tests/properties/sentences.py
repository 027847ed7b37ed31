"""Sentences as different people would write them, by the family they must become.

One a line. A line that begins with ``?`` is not understood yet: it must be listed.
``/`` stands for a line break (a heading or lead-in above the sentence).
"""

RARE = {
    "write-once": """
Never write twice to the same output path in a single run.
Before creating any output, check if it already exists for this run_id.
I never write the same file twice.
Each report may be written only once per run.
The agent must not write an output a second time.
Output files must be written exactly once.
Do not regenerate a report that already exists.
If the output file already exists, skip it.
Skip any file that has already been produced.
Never overwrite existing files.
Never overwrite previous results; create a new version instead.
I don't overwrite anything in `out/`.
Files in `exports/` are never overwritten.
Existing reports must never be overwritten.
You must not clobber existing artifacts.
Results are immutable once written.
Once written, a file in `results/` is never changed by a later step.
Don't create duplicate files.
No duplicate reports.
Avoid producing the same artifact more than once in a run.
One file per customer per run, never two.
Make sure the invoice has not been generated yet before you generate it.
Check whether `out/summary.md` exists before writing it.
Always check for an existing output before writing a new one.
Writes are idempotent: a second write to the same path is an error.
All writes must be idempotent.
Every output path is written at most once.
Only write a file if it does not exist yet.
Write `report.pdf` once per run and no more.
A file is only ever created, never replaced.
Never replace an existing deliverable.
Save new versions instead of overwriting old ones.
Rendering the same video twice is forbidden.
The same invoice must not be issued twice.
No output may be produced two times.
Never: / - Overwrite existing output
What I never do: / - Write the same report twice
Under no circumstances overwrite a file from an earlier run.
Do not write to a path you have already written to.
If it was written already in this run, leave it alone.
Every output gets produced one single time per run.
I won't write to a file I have already written.
Do not emit the same CSV again.
The agent shall never overwrite earlier deliverables.
If a report for today is already there, leave it and move on.
Never render a document twice.
Existing exports stay as they are; make a new version.
Results must not be regenerated.
Each record is stored once only.
Don't save over old versions.
An output may not be written more often than once.
? Do not overwrite what is already in `out/`.
? Files you produced earlier in the run are off-limits for rewriting.
If today's summary exists, do not create it again.
Produce every deliverable exactly once.
""",
    "atomic-write": """
All writes are atomic.
Write files atomically.
Every file write must be atomic.
I write to a temp file and rename it.
Write to a temporary file first, then move it into place.
Never leave half-written files behind.
Never leave partial output on disk.
A reader must never see an incomplete report.
Outputs appear whole or not at all.
Output files must be complete or absent.
No partial files.
No half-finished reports in `out/`.
Use write-then-rename for every output.
Use atomic writes for `state.json`.
Save state with an atomic replace.
`state.json` must be updated atomically.
Stage the file under a temporary name and rename it when complete.
Create the file as `.tmp`, then rename it.
Nobody may ever read a truncated file.
The agent must not expose partially written files.
Files are all-or-nothing: never publish a partial one.
Persist data all-or-nothing.
If a write is interrupted, no partial file may remain.
An interrupted write must not leave a broken file.
A crash must never corrupt an output file.
Do not write files in place; write a copy and swap it in.
Write to `x.tmp` and rename to `x` once finished.
You must never publish an unfinished document.
Publish each report in one atomic step.
Every output is published atomically via rename.
I never write directly to the final path; I write to a temp path and rename.
Don't let other processes see incomplete files.
Torn writes are not acceptable.
Each artifact is replaced atomically.
Atomic file writes only.
Always use a temp file plus rename when saving.
Never do: / - Leave partially written files
Either the whole file is written or nothing is.
Writes must be crash-safe: temp file, fsync, rename.
The final file is created by renaming a finished temporary file.
Swap files in atomically.
Half-written output is unacceptable.
Readers must only ever see complete files.
Write the JSON to a scratch file, then move it over the target.
All state changes are saved atomically.
A failed write must leave the old file untouched.
Use `os.replace` after writing to a temp file.
Never let a partially written report become visible.
Files should be written in full or not at all.
Commit each output atomically to disk.
Files are published by rename, never written in place.
No reader should ever see a half-written file.
Save to a temp path, fsync, then rename.
Make every write atomic.
Outputs must never be left partially written.
""",
    "run-id": """
Every output includes the run_id.
Each file carries the run id.
Tag every report with the run ID.
Stamp all outputs with the run id.
Include the run_id in every file you write.
All JSON outputs must contain a `run_id` field.
Put the run id into each report.
Add `run_id` to every record.
Every artifact is labelled with its run ID.
Mark each document with the id of the run that produced it.
I always record the run id in my outputs.
The agent must write the run_id into every output file.
Outputs must be traceable to a run: include the run id.
No output without a run id.
Never write a file without the run_id.
Do not save a report without its run id.
Each export has a run_id column.
Name files with the run id.
Output filenames must contain the run id.
Every CSV row carries the run_id.
The run identifier must be present in all deliverables.
Always embed the run id in generated files.
Attach the run ID to every result.
Append the run id to each file name.
Reports must state the run id at the top.
Every file is stamped with RUN_ID.
Write the current run's id into every artifact.
Prefix each output file with the run id.
Results that lack a run_id are invalid.
All files produced in a run share and show its run_id.
I stamp everything I write with the run id.
Label outputs with the run identifier.
Each log entry includes the run id.
Every deliverable must reference the run id.
Documents need the run id in their header.
Make sure the run_id is in every output.
The run id belongs in every file.
Metadata of each output: run_id, always.
Put `run_id` in the front matter of every report.
Must do: / - Tag each output with the run id
Each generated file should have the run id in its metadata.
Sign every output with the run id.
The run_id goes into every JSON you produce.
I include the run ID in all reports.
Every output has to mention the run id.
Do not publish reports lacking the run id.
Make the run id part of each filename.
Log lines carry the run id.
Tag artifacts with run_id.
All records must be tagged with the current run id.
Include run_id in the header of each report.
Every message and file you create must have the run id.
All output JSON has a top-level run_id.
Stamp artifacts with the run's id.
Never emit a record without run_id.
""",
    "dedup-key": """
Send an idempotency key with every API call.
Every POST carries an Idempotency-Key header.
All payment requests must include an idempotency key.
Always attach an idempotency key to charges.
I use an idempotency key for each payment.
Use idempotency keys for all external calls.
Never call Stripe without an idempotency key.
No POST without an Idempotency-Key.
Do not send a payment request without an idempotency token.
Each request has a deduplication key.
Include a dedup key in every outgoing request.
Honor `idempotency_key`.
Reuse the same idempotency key when retrying.
Retries must reuse the original idempotency key.
The agent must set an Idempotency-Key on unsafe requests.
Unsafe calls need an idempotency key.
Requests that change something require an idempotency key.
Pass `idempotency_key` to every create call.
Every charge is sent with a unique idempotency key.
Idempotency keys are mandatory for all writes to external APIs.
Make every API call idempotent.
External calls must be idempotent.
Payments have to be idempotent.
All outbound requests should be safe to retry.
Calls to the billing API must be deduplicated.
Derive a deduplication key from the run id for each call.
Generate one idempotency key per order and send it along.
Mutating requests carry a deduplication token.
Supply an idempotency header on every POST and PUT.
I never send a POST without an idempotency key.
Add an `Idempotency-Key` header to all POST requests.
You must provide a dedupe key with each webhook.
Idempotency key: required on every payment.
Always: / - Send an idempotency key
Never: / - Charge a card without an idempotency key
An idempotency key goes with each request.
Every mail and every call is sent with a deduplication key.
Ensure each API request includes an idempotency key.
Stripe calls get an idempotency key, without exception.
Set the same idempotency key on every retry.
Every outgoing call needs a dedup key.
Never charge anyone without sending an idempotency key.
I send an Idempotency-Key header with each POST.
Each webhook carries its own idempotency token.
Use the same idempotency key for a retry.
All mutating API calls must be idempotent.
Payment calls without an idempotency key are forbidden.
Be sure to pass an idempotency key when creating charges.
Requests to the payment API shall include a dedupe token.
Idempotency-Key is required for every POST.
Always send Idempotency-Key with POST requests.
Charge calls must be sent with a dedup key.
Don't make payment requests without an idempotency key.
Every side-effecting request carries an idempotency key.
Set an idempotency key before calling the payments API.
""",
    "append-only": """
`events.jsonl` is append-only.
The audit log is append-only.
Logs are append-only.
Treat `journal.md` as append-only.
`memory/log.md`: append only, never edit.
Only append to `ledger.csv`.
Only ever append to `decisions.md`.
Never rewrite history in `changelog.md`.
Never edit existing entries in `ledger.csv`.
Do not modify past entries of `journal.md`.
Never delete lines from `audit.log`.
I append to `notes.md` and never rewrite it.
Append to `history.jsonl`; do not overwrite it.
? New entries go at the end of `log.md`; old ones stay.
Existing rows in `trades.csv` must not be changed.
The agent may only append to `events.jsonl`.
You may add to `worklog.md` but never change what is there.
`ledger.csv` may only grow.
Entries in `decisions.md` are never removed.
Don't truncate `audit.log`.
Never overwrite `history.md`, only append.
Add new lines to `journal.md`, never alter old ones.
The event log must be append-only.
Keep `events.log` append-only.
Append, don't overwrite: `memory/today.md`.
Past entries in `diary.md` are immutable.
What is written in `audit.jsonl` stays written.
Records in `ledger.jsonl` must never be edited or deleted.
Lines once written to `journal.txt` are never modified.
`CHANGELOG.md` only grows.
Do not edit or remove earlier entries in `log/`.
Log files are append-only; never rewrite them.
Write to `notes.md` in append mode only.
| File | Rule | / | `events.jsonl` | append-only |
Append-only: `events.jsonl`, `trades.csv`.
Never: / - Edit past entries in `journal.md`
`history/` is write-once, append-only.
Never remove or reorder rows in `ledger.csv`.
Journal entries in `journal/` are only added, never changed.
Old entries in `memory.md` are never rewritten.
`audit.csv` must never be rewritten, only appended to.
You can add rows to `sales.csv` but not change them.
History in `log.md` is never rewritten.
Never delete old entries from `journal.md`.
Treat the log files as append-only.
`events.ndjson` only ever grows.
Do not alter what was already logged in `run.log`.
Entries in `notes.md` may be added but never removed.
I only append to `diary.md`.
No edits to past lines of `history.txt`.
Only add to `log.md`; never edit what is there.
Do not rewrite earlier entries in `notes/log.md`.
`trades.jsonl` must only be appended to.
Past log lines are never changed.
The journal is append-only.
""",
    "host-allow": """
Only call api.github.com.
Only call `api.example.com` and `*.internal.example.com`.
Only connect to localhost.
Only contact api.stripe.com.
You may only access `docs.example.com`.
I only talk to api.openai.com.
Network access is limited to api.example.com.
Network access is restricted to `api.example.com` and `cdn.example.com`.
Outbound traffic is restricted to *.example.com.
All requests must go to api.example.com.
Never contact hosts other than `a.example.com`.
Never call any host except api.example.com.
Do not connect to anything but 10.0.0.5.
Do not make requests outside example.com.
No network calls except to api.example.com.
No requests to hosts outside *.example.com.
Allowed hosts: api.example.com, cdn.example.com
Allowed domains: `example.com`, `example.org`
Host allowlist: api.example.com
Use only the GitHub API.
Use only api.notion.com for network calls.
The agent must not call hosts other than api.example.com.
The agent may reach api.example.com and nothing else.
HTTP calls go exclusively to api.example.com.
External calls are allowed only to api.example.com.
Requests only to api.example.com.
Fetch data only from data.example.com.
Only download from pypi.org.
Only browse docs.python.org.
Download files only from `downloads.example.com`.
Whitelisted domains: api.example.com
Calls to any host other than api.example.com are forbidden.
Every API call must go to api.example.com.
Don't reach out to any server besides 192.168.1.10.
Stay within example.com when making requests.
Egress is confined to 10.1.2.3.
Only hosts under example.com may be called.
Only api.example.com may be called.
Only send requests to https://api.example.com.
Connections are permitted only to db.example.com.
The only host you may call is api.example.com.
Network calls are restricted to api.example.com and 10.0.0.7.
Do not contact any server other than `db.internal`.
All traffic has to go to proxy.example.com.
Requests may only go to *.example.org.
You can call api.example.com but no other host.
Permitted hosts: api.example.com
I never call anything except api.example.com.
Only reach out to hub.example.com.
Limit network access to api.example.com.
Talk only to api.example.com and auth.example.com.
Don't call anything except `api.example.com`.
The agent is only allowed to contact 10.2.3.4.
Outgoing requests are limited to hosts under example.com.
No host but api.example.com may be contacted.
""",
    "host-deny": """
Never call api.stripe.com.
Do not call evil.example.com.
Never contact `tracker.example.com`.
Do not connect to prod.example.com.
I never visit facebook.com.
Never scrape LinkedIn.
Do not scrape Reddit.
Don't fetch anything from example.net.
The agent must not access internal.example.com.
You may not call 169.254.169.254.
Never connect to 10.0.0.1.
Requests to ads.example.com are forbidden.
Calls to `legacy.example.com` are not allowed.
No calls to api.stripe.com.
No requests to prod.example.com.
No connections to 192.168.0.1.
No access to metadata.google.internal.
`prod.example.com` is off limits.
api.example.com is off-limits.
Blocked hosts: evil.example.com, ads.example.com
Forbidden domains: example.net
Stay away from facebook.com.
Avoid calling api.legacy.com.
Never send data to example.net.
Do not upload anything to dropbox.com.
Never download from example.net.
Never make HTTP requests to `prod.example.com`.
Do not browse twitter.com.
Never query the Salesforce API.
Don't talk to prod.example.com directly.
Never: / - Call api.stripe.com
Never do: / - Connect to prod.example.com
Traffic to 10.0.0.0 is blocked.
Under no circumstances contact `billing.example.com`.
Do not hit https://prod.example.com/api.
Do not make network calls to prod.example.com.
No network access.
Never access the internet.
Do not use the internet.
prod.example.com must never be called.
api.evil.com is forbidden.
Don't ever call http://internal.example.com.
Requests to 10.1.1.1 are not permitted.
The agent shall not access ads.example.net.
Never open a connection to 172.16.0.9.
No traffic to example.net.
Refuse to call legacy.example.com.
You are not allowed to contact payments.example.com.
Never reach out to competitor.com.
Calling prod.example.com is prohibited.
Do not send requests to 10.0.0.0/8.
Never fetch from pastebin.com.
tracker.example.com must not be contacted.
You must never query prod.internal.
No calls to the Stripe API.
""",
    "http-method": """
Only use GET requests.
Use GET only.
GET only.
Only GET and HEAD requests are allowed.
Only make GET requests to api.example.com.
I only use GET.
The agent may only send GET requests.
Never POST to production.example.com.
Never send POST requests.
Never use DELETE on api.example.com.
Do not use PUT, PATCH or DELETE.
Don't issue DELETE requests.
No POST or DELETE to api.example.com.
No DELETE requests.
No PUT/PATCH/DELETE calls.
DELETE requests are forbidden.
POST requests to api.example.com are not allowed.
Read-only access to api.github.com.
Access to api.github.com is read-only.
api.github.com is read-only.
Treat api.example.com as read-only.
Use the GitHub API read-only.
The GitHub API is read-only for you.
HTTP methods allowed: GET, HEAD.
Allowed methods: GET
Never make a DELETE call to the API.
The agent must not send DELETE requests.
All API access is GET only.
Calls to api.example.com must be GET.
Restrict HTTP to GET requests.
HTTP requests are limited to GET.
You may not PATCH anything on api.example.com.
Never: / - Send DELETE requests
Only read from api.example.com, never write to it.
Never DELETE resources via the API.
Requests other than GET are forbidden.
Nothing but GET requests to `api.example.com`.
Make no POST requests.
Do not send anything but GET requests.
Avoid DELETE requests to api.example.com.
Restrict yourself to GET.
Only HEAD and GET are permitted.
Never issue a PUT.
Don't send PATCH requests to api.example.com.
DELETE is forbidden on api.example.com.
api.github.com: read-only.
Use api.example.com in read-only mode.
The agent shall only issue GET requests.
No POST requests, ever.
PUT and DELETE calls are prohibited.
Do not make DELETE requests.
All calls to api.example.com must be read-only.
Use only GET and HEAD.
POST is not allowed.
Never PUT or PATCH.
""",
    "rate-limit": """
Send at most 10 emails per day.
No more than 10 emails a day.
Max 10 emails/day.
Maximum of 5 posts per week.
Never send more than 20 messages per hour.
I send no more than three emails per hour.
At most one tweet per day.
Limit yourself to 5 API calls per minute.
Limit API calls to 60 per minute.
Limit outgoing mail to 50 per day.
Rate limit: 100 requests per minute.
Rate limit of 10 requests/second.
API calls: max 60/min.
The agent must not make more than 100 requests per hour.
Do not exceed 30 requests per minute.
Don't exceed two posts a day.
Stay under 100 requests per hour.
Keep it to five messages per day.
Up to 10 searches per hour.
Up to three emails per recipient per week.
Emails are limited to 25 per day.
Emails: 25 per day, no more.
Requests are capped at 1,000 per day.
Cap outbound calls at 500 per hour.
Throttle requests to 2 per second.
Throttle API calls: 10 per minute.
Wait at least 5 seconds between API calls.
Wait 30 seconds between emails.
Leave two minutes between posts.
Pause for 10s between requests.
Sleep 1 second between calls.
At least 500ms between requests.
Requests must be at least two seconds apart.
Minimum 5 minutes between posts.
One request every 3 seconds.
One post every 4 hours at most.
Only one email per hour.
Make no more than 1 call per second to api.example.com.
| Limit | Value | / | Max emails per day | 20 |
Never: / - More than 5 messages per day
Do not send more than fifteen emails an hour.
Never more than 3 posts a day.
Messages are limited to 4 per hour.
Keep API calls below 30 per minute.
Allow at least ten seconds between two requests.
Space emails at least 5 minutes apart.
No more than one call every 2 seconds.
You may send up to 8 messages per day.
Post a maximum of twice per day.
100 calls/hour max.
Max two emails per day.
Send fewer than 10 messages an hour.
A minimum of 3 seconds between requests.
Limit posting to once per day.
Do not make over 50 API calls per hour.
""",
    "budget": """
Spend at most $5 per run.
Never spend more than $5 per run.
Daily budget: $10.
Budget: $20 per day.
Budget is 5 dollars per run.
The budget per run is $2.
Keep LLM costs under $3 per day.
Keep the cost below $1 per run.
Costs must stay under 10 euros per day.
Do not exceed $50 per month.
Don't spend over 20 USD a week.
I never spend more than five dollars a day.
The agent must not spend more than $100.
Max spend: $25/day.
Spending limit: $10 per run.
Spend cap of $200 per month.
API spend is capped at $15 per day.
Cap API costs at $5.
Total cost may not exceed $4.
No more than $2 of API usage per run.
Use no more than 200k tokens per run.
At most 1 million tokens per day.
Token budget: 50,000 per run.
Max 100k tokens per session.
Never use more than 500,000 tokens per day.
Limit token usage to 300k per run.
Stay under 1M tokens a day.
Limit LLM spend to $10 per day.
Stop after spending $5.
Stop when the run has cost $3.
A run may cost at most $0.50.
Each run has a budget of $1.50.
Monthly limit: 100 EUR.
\u20ac5 per day maximum on model calls.
| Limit | Value | / | Max cost per run | $5 |
Never: / - Spend more than $20 per day
Cost ceiling: $8 per run.
Do not let costs go over $12 a day.
Stay within a budget of $30 per week.
Ask before spending more than $10.
Never let a run cost more than $7.
A day may not cost over $12.
You have a budget of $5 per day.
Keep token use below 150k per run.
At most 3 dollars per hour on API calls.
Do not burn more than 400,000 tokens per day.
Total spend is limited to $60 per month.
Max budget per run: $3.
I stay under $9 a day.
LLM costs must not exceed 2 EUR per run.
Never exceed $15 a day.
Cap spending at $30 per week.
The run must not use more than 100k tokens.
Keep spending under 8 dollars per day.
Budget: 250k tokens per run.
""",
    "retry-limit": """
Never retry more than 3 times.
Retry at most twice.
Retry once, then stop.
Retry up to five times.
Max 3 retries.
Maximum of 2 retries per call.
At most 3 attempts per request.
No more than three attempts.
Do not retry more than once.
Don't retry failed calls more than twice.
Do not retry failed payments.
Never retry a failed charge.
No retries.
No automatic retries.
I retry a failed call once, not more.
The agent must not retry more than 4 times.
After 3 failed attempts, stop.
After two failures, give up and ask.
Stop after 3 consecutive errors.
If a call fails twice, stop and report.
If it fails three times, escalate.
Try a failed command once more, then stop.
Try at most 3 times.
Retries are limited to 3.
Retries: max 3.
Retry limit: 5.
Limit retries to 2.
Cap retries at 3.
Retry budget: 3 attempts.
Failed requests are retried at most 3 times.
A failed request may be retried twice.
Failed jobs are never retried.
Give up after three tries.
Give up after 5 attempts.
Three strikes: after 3 failed attempts, stop and ask.
Never try the same thing more than twice.
Never: / - Retry more than 3 times
| Limit | Value | / | Max retries | 3 |
Retry a maximum of 4 times.
On error, retry once and then escalate.
Two retries at most.
Never attempt a call more than 3 times.
If something fails twice, stop retrying.
Retrying more than three times is forbidden.
Give each call at most two retries.
Only retry once.
A call may be retried up to 3 times.
Stop retrying after 4 attempts.
Do not retry more than two times before escalating.
Payments must not be retried.
Retry no more than 5 times.
Stop after two failed attempts.
Failed calls may be retried once.
Don't retry more than four times.
After the third failure, stop.
""",
    "delete-deny": """
`trash` > `rm`
trash > rm
Prefer `trash` over `rm`.
Prefer trash to rm.
Trash over delete.
Use `trash` instead of `rm`.
Use trash, not rm.
Use the trash instead of deleting.
Always use `trash`, never `rm`.
Never `rm`, always `trash`.
Never use rm; use trash.
Don't delete files, move them to the trash.
Do not delete; move to trash.
Move files to the trash instead of deleting them.
Move deleted files to the trash.
Send files to the trash rather than removing them.
I move files to the trash, I never delete them.
The agent must move files to trash instead of deleting them.
Deleted files go to the trash.
Deletions go to the trash.
Deletes are moves to trash.
Deleting means moving to the trash.
Files are trashed, not deleted.
Trash, don't delete.
Trash files instead of removing them permanently.
Prefer moves to deletes, trash to permanent removal.
Prefer recoverable deletion over permanent deletion.
Recoverable beats gone: trash before rm.
When removing files, use the trash.
When deleting, always use `trash`.
To delete a file, put it in the trash.
Instead of `rm`, use `trash-put`.
Replace `rm` with `trash`.
`rm` is banned, use `trash`.
Nothing is deleted for good; it goes to the recycle bin.
Put files you no longer need in the trash; never rm them.
Soft-delete: move to `.trash/`, never remove.
Never: / - Use rm where trash would do
If you must delete, use the trash.
Use the recycle bin for deletions.
Trash beats rm.
Anything you would delete goes to the trash instead.
Never permanently delete; trash it.
Move unwanted files to trash rather than deleting them.
rm is forbidden: use trash.
Always move to trash instead of `rm -rf`.
Do not remove files permanently, use the trash.
Favor trash over rm.
Removal means trash, not rm.
I use trash in place of rm.
Use `trash` rather than `rm`.
Never delete outright; move to trash.
Deleted things belong in the trash.
Trash instead of delete.
Don't rm anything, trash it.
""",
    "resource-limit": """
Never write files larger than 10 MB.
Files must be under 5 MB.
Max file size: 10MB.
No file over 1 GB.
Do not create files bigger than 100 KB.
Output files may not exceed 2 MB.
Keep every file below 500 KB.
I don't write files over 20 MB.
Uploads are limited to 25 MB.
Attachments may be at most 10 MB.
Limit output size to 1 MB per file.
A file may have at most 4096 bytes.
Reports must not be larger than 3 MiB.
Cap file size at 50 MB.
The agent must not write more than 10 MB to a file.
Create at most 50 files per run.
Never create more than 20 files.
No more than 100 files per run.
Max 10 files per run.
Write at most five reports per run.
Do not generate more than three reports per run.
Limit yourself to ten files per run.
At most 40 API calls per run.
No more than 30 requests per run.
Max 20 tool calls without a human checkpoint.
Run at most 10 commands.
Never run more than 50 commands per run.
Do not execute more than twenty commands in a run.
Send no more than 5 emails per run.
At most 3 emails per run.
Maximum 15 messages per run.
Max commands per run: 25
Files per run: at most 12.
Never: / - Create more than 10 files per run
| Limit | Value | / | Max file size | 10 MB |
File size limit: 2 GB.
Emails per run are limited to 4.
No single file may be bigger than 8 MB.
Never write a file of more than 1 B.
Stop after 200 API calls.
No output file larger than 4 MB.
Don't write more than 30 files in a run.
A single report may not exceed 600 KB.
Maximum attachment size is 3 MB.
Keep files under 15 MB.
You may create up to 8 files per run.
Never execute more than 12 commands per run.
No more than six emails in a run.
Limit each file to 1 MB.
At most 25 requests per session.
Do not create files over 50 MB.
At most 15 files per run.
Each upload must stay below 5 MB.
Run no more than 30 commands.
No more than ten API calls in one run.
""",
}

PLAIN = {
    "ask-external": """
Ask before sending any email.
Always check with me before you post anything.
Never reply to customers without sign-off.
If a task involves emailing someone, ask first.
If you need to contact a customer, ask me before proceeding.
When something would be published, stop and ask.
Emails to clients require approval.
Outgoing messages need my okay.
Get my approval before publishing.
Show me every draft before you send it.
Draft replies, but let me approve them before they go out.
Publishing requires a human in the loop.
No tweet goes out without my approval.
Nothing gets published without review.
Never contact leads unless I tell you to.
Public posts are only allowed after approval.
Present the draft and wait for approval before sending.
Only interrupt me for: external communications, purchases.
Ask first: / - Sending a message to a customer
Requires approval: / - Posting on social media
| Action | Rule | / | Post on LinkedIn | requires approval |
Apply to jobs only with my permission.
You must obtain consent before messaging anyone.
Hold all outbound mail until I confirm.
Ping me before you reply to a review.
Run it by me before posting.
Do not respond to customer emails before I approve.
Emails are drafts until I say send.
I never send anything without asking.
Anything public-facing needs my sign-off first.
Nothing is posted until I have read it.
Wait for a thumbs up before tweeting.
Every outbound email must be approved by Dana.
Don't message clients without checking with me.
Before you email a lead, check with me.
Get sign-off before you publish a blog post.
You need explicit permission to send messages.
Requires confirmation: / - Replying to customer emails
Comments on public issues need approval first.
Do not submit applications without my go-ahead.
Always confirm before sending calendar invites.
If the reply goes to a customer, let me see it first.
Never auto-reply.
Send emails only when I explicitly ask.
Announcements require a second pair of eyes.
Clear every post with me first.
Don't answer customers without a green light.
Emails need to be approved before they are sent.
Ask prior to contacting anyone.
No outreach without permission.
""",
    "external-deny": """
Never send emails.
Do not post on social media.
You do not contact customers.
No outgoing messages.
Never publish anything.
I never tweet.
The agent must not send any mail.
Never message strangers.
? Don't reply to reviews.
Posting to social media is forbidden.
You may not send SMS messages.
Under no circumstances email customers.
Never: / - Send newsletters
Never do: / - Reply to tweets
Sending mail is not allowed.
You are not allowed to post publicly.
Never comment on public posts.
No emails, no posts, no messages.
Do not notify customers.
Draft replies but never send them.
Do not email anyone.
Never post publicly.
You don't send messages.
No social media posts.
Never contact third parties.
Don't publish anything.
Sending emails is forbidden.
I do not reply to customers.
Never tweet or post.
Never do outreach.
""",
    "command-ask": """
Ask before running destructive commands.
Never deploy without my approval.
Do not install packages without asking.
Deployments require approval.
Get permission before restarting any service.
Confirm with me before you run a migration.
Pushing to main needs a review.
Never merge a pull request without approval.
Don't run `terraform apply` unless I confirm.
`npm publish` only after approval.
Any `sudo` command requires my confirmation.
If a command is destructive, ask before running it.
If you have to install something, ask first.
Restarting services? Ask first.
Ask first: / - Rebooting the server
Needs approval: / - Running database migrations
Stop and ask before `git push --force`.
Production changes are made only with sign-off.
Never run `rm -rf` without confirmation.
Before deploying, get a go-ahead.
Infrastructure changes must be approved by a human.
No deploys without a green light.
Installing new dependencies requires permission.
| Action | Rule | / | Deploy | ask first |
Wait for approval before you execute anything irreversible.
Never kill processes without asking.
Always ask before using sudo.
Migrations run only after I approve them.
You need my consent to reboot.
Ask before you `git push`.
Don't touch production without approval.
Never run migrations without checking with me.
Publishing a package requires approval.
Anything irreversible needs confirmation.
Get an explicit yes before deleting a branch.
Rebooting needs permission.
Ask before installing anything new.
No force push without my approval.
Wait for my OK before deploying.
Never execute shell commands without permission.
Escalate before: / - Restarting the database
`kubectl apply` requires sign-off.
Confirm before running scripts that delete data.
Deploy only after I say yes.
Ask before using `docker`.
Upgrading packages needs approval.
Don't restart nginx without telling me and getting an okay.
Never apply migrations without sign-off.
""",
    "command-deny": """
Never use sudo.
Do not run `rm -rf`.
Never push to main.
Never force-push.
No force pushes.
Don't amend commits.
Never rebase shared branches.
The agent must not deploy to production.
You may not install software.
Do not restart services.
Never run database migrations.
`git reset --hard` is forbidden.
`curl` is not allowed.
Never run `docker system prune`.
Do not commit directly to master.
Don't create branches.
Don't open pull requests.
Never merge your own PRs.
No commits to main.
I never run shell commands.
Running shell commands is prohibited.
Never: / - Push to production
Never do: / - Use `sudo`
Forbidden commands: `rm`, `dd`, `mkfs`
Blocked commands: `shutdown`, `reboot`
Never execute scripts from the internet.
Don't use `wget` or `curl`.
Never delete branches.
? You must never stop the database.
Never run `npm publish`.
Don't use `git stash`.
Do not touch the production database.
No sudo.
Never rewrite history.
You must not push directly to master.
Never run anything as root.
Never use `kill -9`.
The agent never deploys.
Don't run `pip install` globally.
I never merge to main.
No `rm -rf`, ever.
Never shut down the server.
Don't push to `main`.
Never call `shutdown`.
Do not install anything.
Force pushing is forbidden.
You may not use ssh.
""",
    "path-write-deny": """
Never edit `config/prod.yaml`.
Do not touch `.env`.
`legal/` is read-only.
Don't modify files in `vendor/`.
Never write to `/etc`.
The agent must not change `package.json`.
You may not edit AGENTS.md.
Never modify SOUL.md without approval.
Changes to `schema.sql` require approval.
Ask before editing `openclaw.json`.
`contracts/` must not be modified.
No edits to `migrations/`.
Leave `LICENSE.md` alone.
Keep your hands off `billing/`.
`secrets.yaml` is off limits.
`data/raw/` must never be changed.
Files in `archive/` are read-only.
Treat `upstream/` as read-only.
Don't create files in the root folder.
Never: / - Modify `config.yaml`
Ask first: / - Editing `deploy.yml`
Do not overwrite `baseline.json`.
Never change system config.
You do not have permission to edit `pricing.csv`.
Only the owner edits `policy.md`.
`settings.json` may only be changed with my approval.
Never rename anything in `assets/`.
Under no circumstances modify `ledger.db`.
Don't write code in `docs/`.
Never save anything to `~/Desktop`.
Never commit changes to `config/`.
Do not alter `tests/fixtures/`.
Hands off `prod.env`.
`SOUL.md` is off-limits for edits.
You must not update `README.md`.
`infra/` stays untouched.
Don't add files to `public/`.
Never modify existing migrations in `db/migrations/`.
Treat `baseline/` as immutable.
Editing `pyproject.toml` needs approval.
The folder `legal/` must not be touched.
Do not edit generated files in `dist/`.
Changing `pricing.yaml` is forbidden.
Nobody but me edits `goals.md`.
Don't edit anything in `core/`.
Never alter `LICENSE`.
`db/schema.sql` is read only.
Keep `README.md` unchanged.
No changes to `api/`.
""",
    "path-write-allow": """
Save reports to `reports/`.
Write output to `out/`.
Store notes in `memory/notes.md`.
Only write to `out/`.
Never write outside `work/`.
All output goes to `build/`.
Put drafts in `drafts/`.
Drafts live in `drafts/`.
Handovers happen via `handover/`.
New tasks arrive through `inbox/`.
Keep all files inside `workspace/`.
You may edit files in `src/`.
You can write to `/tmp/`.
Writing is allowed only under `data/`.
Do not write anything outside of `results/`.
Always safe: / - Editing files in `notes/`
Allowed: / - Write to `scratch/`
| What | Where | / | Reports | `out/reports/` |
| Type | Correct location | / | Source code | `src/app/` |
Generated images belong in `assets/gen/`.
Place exports under `exports/`.
Results are saved to `results/`.
Restrict writes to `out/`.
Writes are limited to `out/` and `tmp/`.
I save everything in `journal/`.
Final reports go into `out/final/`.
Daily notes: `memory/YYYY-MM-DD.md`.
Use `tmp/` for scratch files.
Write only inside the workspace.
Never create files outside the project directory.
Everything you produce belongs in `deliverables/`.
Output directory: `build/out/`
Store results under `data/results/`.
Keep logs in `logs/`.
You own `drafts/`; edit freely there.
All artifacts are written to `artifacts/`.
Put every report in `reports/weekly/`.
Only touch files in `src/`.
Write nowhere but `out/`.
""",
    "path-read-deny": """
Never read `.env`.
Do not open `private/`.
Don't read my private keys.
Never access `~/.ssh`.
The agent must not read credentials.
You may not open `hr/salaries.csv`.
No access to `finance/`.
Never look at `diary.md`.
`private/` is off limits.
Stay out of `personal/`.
Do not load MEMORY.md in group chats.
Never: / - Read `.env` files
Don't cat `secrets.json`.
Never view files in `confidential/`.
Reading `payroll/` is forbidden.
Keep out of `archive/private/`.
Do not scan `~/Documents`.
I never open `vault/`.
Ask before reading `medical/`.
Never inspect `~/.aws/credentials`.
Don't open `.env` files.
Do not access `customers.csv`.
Never look into `private/notes.md`.
The agent may not read `~/.netrc`.
`hr/` is off limits.
Don't read SSH keys.
Reading credentials is forbidden.
Do not load `MEMORY.md`.
Stay out of `~/Mail`.
""",
    "ask-delete": """
Ask before deleting anything.
Never delete files without asking.
Deletions require approval.
Confirm before you remove a file.
Don't remove anything unless I say so.
Deleting files needs my permission.
No deletion without confirmation.
Ask first: / - Deleting files
Ask first: / - Removing old backups
If a file has to be deleted, ask first.
Get my OK before you delete data.
Never wipe folders without explicit consent.
Files are deleted only after approval.
Always confirm deletions.
I ask before I delete.
The agent must ask before erasing data.
Check with me before cleaning up files.
| Action | Rule | / | Delete files | ask |
Do not purge data without sign-off.
Never delete user data without confirmation.
Never remove a file unless I ask you to.
Don't delete without confirming.
Deleting anything requires an explicit yes.
Before removing data, ask.
No file gets deleted without my okay.
Confirm with me before erasing anything.
Removal of files needs approval.
You must ask before you delete records.
High risk: ask first / - Delete a folder
Never clean up files without permission.
""",
    "secrets": """
Never log API keys.
Do not print passwords.
Never commit secrets.
No credentials in code.
Don't share tokens with anyone.
Secrets must never appear in logs.
API keys must not be written to files.
Never expose credentials in output.
I never reveal passwords.
The agent must not send secrets to anyone.
Keep credentials out of the repository.
Never include tokens in messages.
Don't paste API keys into chat.
Never store passwords in plain text.
Never: / - Leak API keys
Do not hardcode secrets.
Passwords are never written down.
No API keys in commits.
Private keys never leave this machine.
Never echo secret values.
Never put API keys in code.
Do not output secrets.
Don't write credentials to disk.
Never disclose passwords.
Secrets stay out of git.
No tokens in logs.
Do not include API keys in emails.
Never display private keys.
Credentials must not be committed.
Tokens are never logged.
""",
    "logging": """
Log every action.
Every command must be logged.
Keep an audit trail of all external calls.
All actions are recorded.
I log all my actions.
Record every API call.
Each change must be logged.
Always log outbound emails.
Log all tool calls to `logs/tools.log`.
Track every file change.
Write an audit log of all actions.
Every outgoing request is logged.
Log all activity in `activity.md`.
Must do: / - Log every action
Document all changes in `CHANGES.md`.
""",
    "ask-spend": """
Ask before spending money.
Never make a purchase without approval.
Payments require my approval.
Don't buy anything without asking.
No purchases without confirmation.
Get approval before any payment.
If something costs money, ask first.
Ask first: / - Making a payment
Never subscribe to paid services without permission.
Refunds need sign-off.
Never transfer funds unless I confirm.
I never spend money without asking.
Financial transactions require human approval.
Confirm with me before you place an order.
Charges must be approved.
""",
    "notify-self-edit": """
If you change this file, tell the user.
Tell me when you edit this file.
Let me know whenever you update SOUL.md.
Notify the owner about any change to SOUL.md.
Whenever this file changes, inform the user.
Changes to this file must be reported.
If you modify SOUL.md, say so.
After editing AGENTS.md, tell me.
Report every edit of this document.
When you rewrite this file, mention it.
""",
}

# What sounds like one of these rules and is none: style, descriptions, the product, others.
NOT_MEANT = """
Never forget where you came from.
Only the best ideas survive.
Ask how their day went before diving in.
Confirm you heard them.
Never underestimate a quiet user.
Don't drop names.
Never burn bridges.
Read between the lines.
No surprises.
Be bold in private, gentle in public.
Don't kill the mood.
Never stop learning.
Write like you talk.
Never write in passive voice.
Keep it under a minute of reading.
No more than one idea per paragraph.
Always leave the place cleaner than you found it.
Share credit, never blame.
Never send a wall of text.
Don't post when you have nothing to say.
Payments are handled by the billing team.
Our CI deploys every merge.
The cache is append-only by design.
Files in the demo are tiny.
Retries are built into the client library.
Customers must confirm their email address.
The app never stores passwords in plain text.
The service only accepts POST requests.
Approvals take about two days.
Ask me anything.
Never take more than you give.
Once is chance, twice is a pattern.
Never reach for a cliche.
Limit jargon.
Cap your enthusiasm.
Restrict yourself to facts.
Never open with small talk.
Stay out of drama.
Hands off the wheel only when safe.
Leave room for silence.
Never say the same thing twice.
Never repeat yourself.
Never tell the same joke more than once.
Answers appear whole, not in bits.
Atomic commits only.
Make small atomic commits.
Atomic habits beat willpower.
The runtime gives each run an id.
Each run has its own log.
API keys live in the vault.
The idempotency of the payment API is documented upstream.
An append-only mindset helps.
Life is append-only.
Keep an open mind, never delete an idea too early.
The API is hosted at api.example.com.
Our site runs on example.com.
The product only supports GET endpoints.
Users can send at most 10 messages per day.
Keep answers under 200 words.
At most three bullet points.
Use one emoji per message at most.
Never more than two questions at a time.
Response times stay under 200 ms.
The free plan allows 100 requests per day for customers.
Our budget conversations should be honest.
Try three different approaches before giving up.
Try again tomorrow if it rains.
If at first you fail, try again with joy.
Do not retry the argument.
Trash talk is not allowed.
Take out the trash.
This module is 10 MB.
Pages must load within 2 seconds.
Don't overwrite people's feelings.
Never lose a draft.
Never replace empathy with speed.
Ask questions before assuming.
Ask yourself: does this help?
Ask before you assume what they mean.
If unsure about tone, ask.
Check with your heart before speaking.
Show me you care before you advise.
Confirm understanding by repeating back.
Get to the point before they leave.
The team reviews every release.
Deployments happen on Tuesdays.
PRs are merged automatically after approval.
Leave ego alone.
Keep your promises intact.
Work moves through three stages.
Ideas arrive through conversation.
"Never delete files" is what the poster says.
Never read the room wrong.
Never open with an apology.
Don't push people.
Don't run from conflict.
Never commit to dates you cannot keep.
Do not send mixed signals.
Never post-rationalize.
Don't share opinions as facts.
Never publish half-baked ideas.
Log off at night.
Record lessons in your heart.
Never spend words where one will do.
Don't buy into hype.
Never pay lip service.
Only the curious learn.
Only humans laugh.
Stop and ask why.
Pause before you answer.
Nothing but the truth.
Stay within your lane.
"""
