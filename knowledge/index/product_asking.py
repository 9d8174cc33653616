"""English words that people ask with, whatever they ask for."""

FUNCTION_WORDS = frozenset(
    """
    a am an and any are as at be been but by can could did do does for from had has have i if in
    is it its me my of on or our please shall should so some than that the their them there these
    they this those to us want was we were what when where which who will with without would you
    your
    """.split()
)
"""They hold a sentence together and say little of what is wanted."""

NEVER_CORRECTED = frozenset(
    """
    about above actually advice advise after again alternative alternatives although always
    amount another answer answers anybody anyone anything anyway anywhere around arrive arrives
    article asking available because before being below better between birthday bought bring
    brought business buying cannot carry catalog catalogue category cheap cheaper cheapest check
    child children choice choose christmas comes coming compare compared comparing costs could
    couple customer customers daily daughter deals deliver delivered delivery describe details
    differ difference different discount doing either enough every everything example expensive
    explain fairly family father favourite feels fewer first follow following found friend
    friends getting gifts given gives going great guess happy having heard hello herself highly
    himself however husband ideas important information instead items itself keeps kinds knows
    later least leave liked likes little lives looked looking looks loves lower makes making
    maybe means might money month months mother myself named needed needing needs never nobody
    nothing offer offers online option options order ordered orders other others ought parents
    people perhaps person picture please pleased popular possible prefer preferably price priced
    prices probably problem product products purchase purchased quality question questions quick
    quite range rather rating reading really reason recently recommend recommendation
    recommendations recommended replace replacement reviews right search seems selling sells
    several shall shipped shipping shopping shops should showed showing shown shows similar
    since somebody someone something sometimes somewhere sorry sorts spend still stock store
    stores suggest suggestion suggestions suitable takes taking thank thanks their there these
    thing things think those though thought through times today together tomorrow tonight total
    trying under unless until useful using usually various visit wanted wanting wants weeks
    whatever where whether which while whole whose within without works would wrong years
    yesterday yours yourself
    """.split()
)
"""No product need hold them, and none of them is a misspelling. Five letters and more."""
