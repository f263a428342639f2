"""Switches of ``opswire.wbem``, read whenever they matter: assign to them.

They are here and not in ``opswire.wbem`` because compiled code reads them too.
"""

ENFORCE_INTEGER_RANGE: bool = True
"""Whether an integer out of its CIM type's range is refused (ValueError) or kept."""
DEFAULT_ITER_MAXOBJECTCOUNT: int = 1000
"""How many instances the Iter operations ask for in one pull."""
SEND_VALUE_NULL: bool = True
"""Whether a NULL item of an array is sent as VALUE.NULL (DSP0201 2.2), or as an empty VALUE."""
IGNORE_NULL_KEY_VALUE: bool = False
"""Whether a key with the value None is left out (True) or refused with ValueError (False)."""
AUTO_GENERATE_SFCB_UEP_HEADER: bool = True
"""Whether to add the header that Small Footprint CIM Broker wants before its indications."""
