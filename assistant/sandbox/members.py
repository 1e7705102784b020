"""The names of X-Road members, as the central server knows them; by member code."""

MEMBER_NAMES = {
    "70000310": "Centre of Registers and Information Systems",
    "70000349": "Tax and Customs Board",
    "70000740": "Ministry of Education and Research",
    "70001490": "Transport Administration",
    "70001975": "Social Insurance Board",
    "70003158": "Land Board",
    "70004235": "Data Protection Inspectorate",
    "70006317": "Information System Authority",
    "70008440": "Ministry of the Interior, population register",
    "70008747": "Police and Border Guard Board",
    "70009770": "Health and Welfare Information Systems Centre",
    "70009999": "Kratt",
    "74000085": "Unemployment Insurance Fund",
    "74000091": "Health Insurance Fund",
    "75014920": "City government",
}
