"""Sentences of Oscar's that shoppers read and that we word ourselves.

Our catalogues are asked before Oscar's: American shoppers read "cart" and British ones "basket" in every
message, and German ones a sentence without mistakes. Nothing reads this list but the extraction.
"""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("Save for Later"),
    _("Move to Basket"),
    _(
        "Due to technical limitations we are not able to ship more than %(threshold)d items in one "
        "order. Your basket currently has %(basket)d items."
    ),
    _("This product cannot be added to the basket because a price could not be determined for it."),
    _(
        "This product cannot be added to the basket as its currency isn't the same as other products in "
        "your basket"
    ),
    _("We have merged a basket from a previous session. Its contents might have changed."),
    _("You can't save an item for later if you're not logged in!"),
    _("Your basket has got some issues. Please correct any validation errors below."),
    _("The '%(code)s' voucher has expired"),
    _("The '%(code)s' voucher is not active"),
    _("Your basket does not qualify for a voucher discount"),
    _("Voucher '%(code)s' added to basket"),
    _("You have already added the '%(code)s' voucher to your basket"),
    _("Voucher '%s' removed from basket"),
    _("No voucher found with id '%s'"),
    _("This voucher is not available for this basket"),
    _("Limited to 1 use per basket"),
    _("Limited to %(total)d uses per basket"),
    _("Basket includes %(count)d item(s) from %(range)s"),
    _("Basket includes %(count)d distinct item(s) from %(range)s"),
    _("Basket includes %(amount)s from %(range)s"),
    _("Spend %(value)s more from %(range)s"),
    _("Cheapest product from %(range)s is free"),
    _("%(amount)s off shipping cost"),
    _("Get shipping for %(amount)s"),
    _("%(value)s%% off of shipping cost"),
    _(
        "The price of '%(product)s' has increased from %(old_price)s to %(new_price)s since you added "
        "it to your basket"
    ),
    _(
        "The price of '%(product)s' has decreased from %(old_price)s to %(new_price)s since you added "
        "it to your basket"
    ),
    _("You need to add some items to your basket to checkout"),
    _("'%(title)s' is no longer available to buy (%(reason)s). Please adjust your basket to continue"),
    _("unavailable"),
    _("no stock available"),
    _("a maximum of %(max)d can be bought"),
    _("All available lines from order %(number)s have been added to your basket"),
    _("It is not possible to re-order order %(number)s as none of its lines are available to purchase"),
    _("%(qty)d copies of '%(product)s' have been added to your basket"),
    _("'%s' has been added to your basket"),
    _("You have already reviewed this product!"),
    _("You can't leave a review for this product."),
    _("Thank you for reviewing this product"),
    _("Thanks for registering!"),
    _("Your profile has now been deleted. Thanks for using the site."),
    _("Profile updated"),
    _("Order History"),
    _("We do not ship to this country"),
    _("Enter your email"),
    _("There is already an active stock alert for %s"),
    _("You already have an active alert for this product"),
    _("Your stock alert is now active"),
    _("This is not a valid international phone format."),
    _("This is not a valid local phone format for %s."),
    _("This is not a valid local or international phone format."),
    _("Your basket is now empty"),
    _("\n        Your basket total is now <strong>%(total)s</strong>\n        "),
    _("View basket"),
    _("Checkout now"),
    _("Your basket is empty."),
    _("Thanks for using our site!"),
    _("The %(name)s team"),
    _(
        "You're receiving this email because your email address has been changed to "
        "<strong>%(email)s</strong>."
    ),
    _("You're receiving this email because your email address has been changed to %(email)s."),
    _(
        "If it wasn't you who changed it, please reset your password immediately and correct your email "
        "address:"
    ),
    _("If it was you who changed the email address, you can ignore this email."),
    _("Your email address has changed at %(site_name)s."),
    _("You're receiving this e-mail because your password has been changed at %(name)s."),
    _("\nYou're receiving this email because your password has been changed at %(name)s.\n"),
    _("If it wasn't you who changed it, please reset your password immediately:"),
    _("Otherwise, you can ignore this email."),
    _("Your password changed at %(site_name)s."),
    _(
        "You're receiving this e-mail because you requested a password reset for your user account at "
        "%(name)s."
    ),
    _("Please go to the following page and choose a new password:"),
    _("Resetting your password at %(site_name)s."),
    _("Dear %(name)s,"),
    _("Hello,"),
    _("%(title)s is back in stock"),
    _("Confirmation required for stock alert"),
    _("Thank you for registering."),
    _("\nWe are happy to inform you that our product '%(title)s' is back in stock:\n%(url)s\n"),
    _(
        "\n            We are happy to inform you that our product '%(title)s' is back in stock:\n      "
        "      %(url)s\n        "
    ),
    _(
        "\n                Beware that the amount of items in stock is limited. Be quick or someone "
        "might get there first.\n            "
    ),
    _("\nBeware that the amount of items in stock is limited. Be quick or someone might get there first.\n"),
    _(
        "\n            With this email we have disabled your alert automatically and you will not\n     "
        "       receive any further email regarding this product.\n        "
    ),
    _(
        "\nWith this email we have disabled your alert automatically and you will not\nreceive any "
        "further email regarding this product.\n\nThanks for your interest,\nThe %(site_name)s Team\n"
    ),
    _(
        "\n        Hello,\n        <p>\n            Somebody (hopefully you) has requested an email "
        "alert when '%(title)s' is back in stock.\n            Please click the following link to "
        "confirm: %(confirm_url)s\n        </p>\n        <p>\n            You can cancel this alert at "
        "any time by clicking the following link: %(cancel_url)s\n        </p>\n\n        <p>\n         "
        "   Thanks for your interest,\n            The %(site)s Team\n        </p>\n    "
    ),
    _(
        "\nHello,\n\nSomebody (hopefully you) has requested an email alert when\n'%(title)s' is back in "
        "stock.  Please click the following link\nto confirm: %(confirm_url)s\n\nYou can cancel this "
        "alert at any time by clicking the following link:\n%(cancel_url)s\n\nThanks for your "
        "interest,\nThe %(site)s Team\n"
    ),
)
