"""Who may open a shop page of the back office: whoever Wagtail lets in, then Oscar's own permission."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import require_admin_access

View = Callable[..., HttpResponse]


def admit_staff(view: View) -> View:
    """Return `view` behind Wagtail's door: strangers go to its login, refusals become its messages.

    Oscar shows every order and product only to `is_staff`, a flag that Wagtail's user form does not know. Inside
    the back office a user counts as staff for the length of the request; what the user may do is still decided by
    permissions. Partners' own users, whom Oscar restricts to their stock, stay restricted.
    """

    @wraps(view)
    def admitted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = request.user
        if user.is_superuser or not user.has_perm("partner.dashboard_access"):
            user.is_staff = True
        return view(request, *args, **kwargs)

    return require_admin_access(admitted)
