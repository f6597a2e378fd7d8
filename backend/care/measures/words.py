"""Where the figures of the catalog are from, and what must be known with them.

Read in the papers' public abstracts: Binkley (9 and 9), Franchignoni (10.81, 10.83; 12.85, 15.91), Fritz & Irrgang
(about 6), Childs (error 2; 2.2 after one week, 1.5 after four, 2 as their conclusion), Young (7.5 and 10.2, with the
advice to use 10), Abbott & Schmitt (all that is quoted), Roy (18; 8 to 13), Rysstad (10.8 to 13.6); on the printed form
of the NDI: 5 of 50.

Not read, taken from secondary literature: Stratford 1995 and 1999, Ostelo (10), the 12.7 of the modified ODI, Lyman
(the ranges of KOOS, JR and HOOS, JR), Medicare's 20 and 22, and that SPADI is not scored with more than two items of a
part missing. Tables and formulas are those several public implementations agree on.
"""

from typing import Final

SOURCES: Final = {
    "binkley": "Binkley et al. 1999, Phys Ther 79:371",
    "iwh": "Institute for Work & Health, scoring sheet of DASH and QuickDASH",
    "franchignoni": "Franchignoni et al. 2014, J Orthop Sports Phys Ther 44:30",
    "fritz": "Fritz & Irrgang 2001, Phys Ther 81:776",
    "ostelo": "Ostelo et al. 2008, Spine 33:90",
    "odi": "Fairbank & Pynsent 2000, Spine 25:2940",
    "ndi": "Vernon & Mior 1991, J Manipulative Physiol Ther 14:409",
    "ndi_form": "Stratford et al. 1999, Physiother Can 51:107, and the form itself",
    "young": "Young et al. 2009, Spine J 9:802",
    "stratford": "Stratford et al. 1995, Physiother Can 47:258",
    "abbott": "Abbott & Schmitt 2014, J Orthop Sports Phys Ther 44:560",
    "childs": "Childs et al. 2005, Spine 30:1331",
    "spadi": "Breckenridge & McAuley 2011, J Physiother 57:197",
    "roy": "Roy et al. 2009, Arthritis Rheum 61:623",
    "hss": "Hospital for Special Surgery, conversion tables of 2016",
    "lyman": "Lyman et al. 2018, Clin Orthop Relat Res 476:2432",
}

NOTES: Final = {
    "lefs": "9 to 16 by size of change in Abbott & Schmitt 2014.",
    "quickdash": "10.8 to 13.6 for shoulders in Rysstad et al. 2020. 15.91 is seven points on eleven items, rounded.",
    "odi_mdc": "From a standard error of 5.4 of the modified form; the form itself prints 10.",
    "odi": "Or 30 % of the baseline; 12 points in Abbott & Schmitt 2014.",
    "odi_modified": "Smaller than the error of measurement: read both.",
    "ndi_mdc": "5 of 50 on the form; 10.2 of 50 in Young et al. 2009.",
    "ndi": "10 of 50, as the study advises since its 7.5 lies within the error; 14 % in Abbott & Schmitt 2014.",
    "psfs_mdc": "3 for a single activity.",
    "psfs": "1.3 for a small, 2.3 for a medium, 2.7 for a large change.",
    "nprs": "The study's conclusion from 2.2 after one week and 1.5 after four. Or 30 % of the baseline (Farrar et al. "
    "2001); 1.5 to 3.5 by size of change in Abbott & Schmitt 2014.",
    "spadi": "The lower of 8 to 13 by study, in that review; smaller than the error of measurement: read both.",
    "koos": "6 to 14 by method. The higher, since without a published error of measurement the lower, half a standard "
    "deviation, may be chance. Medicare's substantial benefit after a new knee is 20.",
    "hoos": "7 to 18 by method. The higher, since without a published error of measurement the lower, half a standard "
    "deviation, may be chance. Medicare's substantial benefit after a new hip is 22.",
}
