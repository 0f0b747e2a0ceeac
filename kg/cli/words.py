"""What the command line says of each command: its line in the list, and examples to start from."""

from __future__ import annotations

__all__ = ["DRAWN", "EXAMPLES", "SYNONYMS", "TOOLS"]

EXAMPLES = {
    "find": ["kg find sklearn", "kg find AIP-C01", 'kg find "machin learning" --kind skill'],
    "show": ["kg show AI-102", "kg show python --source esco-111", "kg show AI-102 --as-of 2026-01-15"],
    "list": [
        "kg list roles",
        "kg list certifications --status active --provider AWS",
        "kg list tools --category framework",
    ],
    "overlap": [
        'kg overlap "AI Engineer" "ML Engineer"',
        'kg overlap "AI Engineer" "ML Engineer" --source article',
        "kg overlap AI-103 AIP-C01 --format json",
    ],
    "gap": [
        'kg gap "AI Engineer" --held Python --held SQL',
        'kg gap "AI Engineer" --from "ML Engineer"',
        'kg gap "AI Engineer" "Data Engineer" --held Python --held Docker',
    ],
    "plan": [
        'kg plan "AI Engineer" --from "Machine Learning Engineer"',
        'kg plan "ML Engineer" --from "AI Engineer" --budget 300',
        'kg plan "Data Engineer" --held Python --provider aws,microsoft',
        'kg plan "AI Engineer" --held Python --include beta,announced',
    ],
    "roadmap": ['kg roadmap "AI Engineer"', 'kg roadmap "Data Analyst" --all-certifiable --prefer few'],
    "similar": ['kg similar "AI Engineer"', 'kg similar "AI Engineer" --measure lin -n 5'],
    "nearest": [
        "kg nearest --held Excel --held 'Power BI' --held SQL",
        "kg nearest --held Java,Spring,AWS,Docker -n 5",
    ],
    "opens": [
        "kg opens --held Python --held SQL -n 3",
        "kg opens --held Python --held SQL -n 5 --threshold 0.25",
    ],
    "path": [
        'kg path "Data Analyst" "MLOps Engineer" --via leads_to',
        'kg path "Data Analyst" AI-103 --via requires,^certifies',
    ],
    "paths": [
        'kg paths "Data Analyst" "AI Engineer" -n 3 --via leads_to,overlap',
        'kg paths "Data Analyst" "AI Engineer" --via overlap --max-effort 0.8',
        'kg paths "Java Developer" "MLOps Engineer" --via leads_to --prefer effort',
    ],
    "why": ['kg why "AI Engineer" Java', "kg why AI-102"],
    "disagree": ['kg disagree "AI Engineer" "ML Engineer"', 'kg disagree "Data Analyst" "Data Scientist"'],
    "link": ["kg link titles.csv --column title --kind role", "kg link skills.csv --graph my-store --format csv"],
    "read": [
        "kg read cv.pdf",
        "kg read clients.csv --person Ada --format yaml -o ada.yaml",
        'kg gap "AI Engineer" --profile ada.yaml',
    ],
    "lint": ["kg lint advice.md", "kg lint cv.pdf --format json", "kg lint - < advice.txt"],
    "check": [
        "kg check",
        "kg check my-facts",
        "kg check team.csv --format json",
        "kg check my-facts --format sarif -o check.sarif",
        "kg check --graph my-store --rule shared-label --fail-on never",
    ],
    "draw": [
        'kg draw overlap "AI Engineer" "ML Engineer" --open',
        'kg draw gap "AI Engineer" --from "ML Engineer" -o gap.html',
        'kg draw roadmap "AI Engineer" --format svg',
        "kg draw ego LangChain",
        "kg draw atlas --graph my-facts",
    ],
    "init": ["kg init my-facts"],
    "build": ["kg build", "kg build my-facts -o my-dataset", "kg build --sparql-page"],
    "export": [
        "kg export --to turtle -o career.ttl",
        'kg export --to gexf -o engineer.gexf --about "AI Engineer"',
        'kg export --to mermaid --question \'overlap "AI Engineer" "ML Engineer"\'',
        "kg export --to parquet -o tables --graph my-store",
    ],
    "diff": [
        "kg diff old.trig new.trig",
        "kg diff esco-110 esco-111 --graph my-store",
        "kg diff old.trig new.trig --on 'gap \"AI Engineer\" --held Python'",
        "kg diff old-store new-store --on plan.json",
    ],
    "fetch": ["kg fetch onet", "kg fetch onet --release 30.3 --form excel --into downloads", "kg fetch esco"],
    "load": [
        "kg load esco-1.2.0 onet-29.3 --into frameworks",
        "kg load our-framework.yaml our-framework.xlsx --into our-store",
        "kg load my-facts more.ttl --into my-store",
    ],
    "infer": [
        "kg infer --list",
        "kg infer --graph my-store",
        "kg infer --rule broader-closure --rule match-symmetry --graph my-store",
        "kg infer -o derived.trig",
        'kg why AIP-C01 "AI Engineer" --graph shipped --graph derived.trig --inferred',
    ],
    "sparql": [
        "kg sparql --list",
        "kg sparql demand-per-skill",
        "kg sparql 'SELECT ?role { ?role a kg:Role }' --format csv",
        "kg sparql query.rq --graph my-store --timeout 120",
        "kg sparql - --update --graph my-store < change.ru",
    ],
    "mcp": ["kg mcp", "kg mcp --graph my-store", "kg mcp --http --port 8090"],
    "serve": ["kg serve", "kg serve --graph my-store --port 9000", "kg serve --cors https://example.org"],
}
#: The tools, each with the module of its command and its one line in the list of commands.
TOOLS = {
    "draw": ("pictures", "Draw the answer to a question, or the whole graph: an interactive page, or a still."),
    "read": ("judging", "What does somebody hold, by a list, a table or a CV, and how do we know?"),
    "link": ("judging", "Which nodes does a table of names mean?"),
    "lint": ("judging", "Is a text about careers still true?"),
    "check": ("judging", "Is the data right?"),
    "init": ("carrying", "Start a folder of facts of your own, with an example role, skill and certification."),
    "build": ("carrying", "Compile facts into a dataset release: TriG, Turtle, JSON-LD, GraphML, and pages."),
    "export": (
        "carrying",
        "Write the graph, or a part of it, for other tools: RDF, tables, GraphML, GEXF, SKOS, Mermaid …",
    ),
    "diff": ("judging", "What changed between two releases, and what does that do to an answer?"),
    "fetch": ("carrying", "Get the official release of a framework: O*NET; for ESCO, where and how."),
    "load": ("carrying", "Load files into a store folder, all or nothing."),
    "infer": (
        "carrying",
        "What follows from the claims, by named rules? Written as claims of their own, apart from the others.",
    ),
    "sparql": ("querying", "What does the graph answer to a SPARQL query?"),
    "mcp": ("querying", "Offer the questions to an assistant, as tools of the Model Context Protocol."),
    "serve": ("querying", "Serve the graph on this machine: a SPARQL endpoint, a search, an editor."),
}
#: What is drawn beside the questions.
DRAWN = {
    "ego": "What surrounds a node, by relation, and what lies one step further?",
    "atlas": "What does the whole graph fall into?",
}
#: What else one may call what a command does, and that command.
SYNONYMS = {
    "search": "find TEXT",
    "lookup": "find TEXT",
    "compare": "overlap A B",
    "info": "show NAME",
    "card": "show NAME",
    "role": "show ROLE` or `kg list roles",
    "roles": "list roles",
    "skill": "show SKILL` or `kg list skills",
    "skills": "list skills",
    "tool": "show TOOL` or `kg list tools",
    "tools": "list tools",
    "certification": "show CERTIFICATION` or `kg list certifications",
    "certifications": "list certifications",
    "providers": "list providers",
    "query": "sparql",
    "picture": "draw",
    "validate": "check",
    "import": "load",
}
